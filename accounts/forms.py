"""What people fill in about themselves."""

from math import ceil
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, BaseUserCreationForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from accounts import names
from accounts.addresses import address_of, network_of
from accounts.counters import Limit
from accounts.limits import MINUTE, wait_for
from accounts.models import MAX_NAME, SCOPES, AccountName

MIN_NAME = 3  # characters: a shorter one would look like too many others

TAKEN = "This name is taken, or looks like one that is."


LOGINS = Limit("logins", 20, MINUTE)  # from one network: nobody mistypes as often
OFTEN = "often"


def check_often(request: HttpRequest, limit: Limit) -> None:
    """Raise ValidationError where this network has done this too often; a limit of 0 is none."""
    network = network_of(address_of(request))
    if not limit.most or not network:
        return
    if wait := wait_for(limit._replace(key=f"{limit.key}:{network}")):
        minutes = ceil(wait / MINUTE)
        raise ValidationError(
            f"Too often from your network. Try again in {minutes} min.", code=OFTEN
        )


class LogInForm(AuthenticationForm):
    def clean(self) -> dict[str, Any]:
        """Refused before the password is looked at, or guessing would go on."""
        if self.request is not None:
            check_often(self.request, LOGINS)
        return super().clean()


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
        if names.skeleton(name).startswith(names.skeleton(names.GUEST)):
            raise ValidationError("Guests have such names.")
        if names.taken([name]) or User.objects.filter(username=name).exists():
            raise ValidationError(TAKEN)
        return name

    def save(self, commit: bool = True) -> User:
        """Raise ValidationError when somebody else was quicker."""
        try:
            with transaction.atomic():
                user: User = super().save(commit)
                if not AccountName.objects.filter(user=user).exists():
                    raise IntegrityError
        except IntegrityError:
            raise ValidationError({"username": TAKEN}) from None
        return user


class DeleteAccountForm(forms.Form):
    password = forms.CharField(
        strip=False,
        max_length=4096,
        help_text="So that nobody else does it on your computer.",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not self._user.check_password(password):
            raise ValidationError("This is not your password.")
        if self._user.is_staff:
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
