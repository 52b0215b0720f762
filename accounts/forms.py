"""Forms for logging in, signing up, deleting an account and making a token."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.contrib.auth.forms import BaseUserCreationForm, PasswordChangeForm, PasswordResetForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from accounts import names
from accounts.backends import check_own_password
from accounts.models import MAX_NAME, SCOPES, AccountName
from runtime import visible_text

MIN_NAME = 3  # characters: a shorter one would look like too many others

MAX_ACCOUNTS = 3  # of one address: each gets a mail

NAME_TAKEN = "This name is taken, or looks like one that is."


class SignUpForm(BaseUserCreationForm):
    email = forms.EmailField(
        required=False,
        max_length=254,
        help_text="Only to reset a forgotten password. Nobody sees it.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    class Meta(BaseUserCreationForm.Meta):
        model = User
        fields = ("username", "email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["username"]
        name.widget.attrs["maxlength"] = MAX_NAME
        name.help_text = f"{MIN_NAME} to {MAX_NAME} letters, digits and @ . + - _, for all to see."

    def clean_username(self) -> str:
        name: str = self.cleaned_data["username"]
        if not MIN_NAME <= len(name) <= MAX_NAME:
            raise ValidationError(f"A name has {MIN_NAME} to {MAX_NAME} characters.")
        try:
            is_plain = visible_text.clean(name) == name
        except ValueError:
            is_plain = False
        if not is_plain:
            raise ValidationError("A name has no characters that cannot be seen.")
        if names.skeleton(name).startswith(names.skeleton(names.GUEST)):
            raise ValidationError("Guests have such names.")
        if names.taken([name]) or User.objects.filter(username=name).exists():
            raise ValidationError(NAME_TAKEN)
        return name

    def save(self, commit: bool = True) -> User:
        """Save the account; raise ValidationError when another request took the name first.

        The password is hashed before the transaction begins.
        """
        user: User = super().save(commit=False)
        try:
            with transaction.atomic():
                user.save()
                if not AccountName.objects.filter(user=user).exists():
                    raise IntegrityError
        except IntegrityError:
            raise ValidationError({"username": NAME_TAKEN}) from None
        return user


class OwnPasswordForm(PasswordChangeForm):
    """Another password for the person who is logged in, who has to know the present one."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(cast(User, request.user), *args, **kwargs)
        self._request = request

    def clean_old_password(self) -> str:
        password: str = self.cleaned_data["old_password"]
        if not check_own_password(self._request, password):
            raise ValidationError(
                self.error_messages["password_incorrect"], code="password_incorrect"
            )
        return password


class ResetForm(PasswordResetForm):
    """Asks for a link to a new password, for the accounts with an address."""

    def get_users(self, email: str) -> Iterable[User]:
        """Return the oldest accounts: others may have signed up with the address, many times."""
        found = super().get_users(email)
        return sorted(found, key=lambda user: user.pk)[:MAX_ACCOUNTS]


class ConfirmForm(forms.Form):
    """The own password once more: a session that was left open is not enough."""

    password = forms.CharField(
        label="Your password",
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._request = request

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not check_own_password(self._request, password):
            raise ValidationError("This is not your password.")
        return password


class DeleteAccountForm(ConfirmForm):
    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.fields["password"].label = None  # made of its name
        self.fields["password"].help_text = "So that nobody else does it on your computer."

    def clean_password(self) -> str:
        password = super().clean_password()
        if self._request.user.is_staff:
            raise ValidationError("You are staff: an administrator has to delete your account.")
        return password


class TokenForm(forms.Form):
    name = forms.CharField(max_length=64, help_text="What it is for, as “my bot”.")
    scopes = forms.MultipleChoiceField(
        choices=SCOPES,
        initial=[scope for scope, _ in SCOPES],
        label="It may",
        widget=forms.CheckboxSelectMultiple,
    )
