"""Pages of the reader's own account. Logging in and passwords are Django's own views."""

from functools import partial
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.models import User
from django.contrib.messages.views import SuccessMessageMixin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from accounts import attempts, devices, tokens, way_back
from accounts.attempts import check_rate, check_rate_of
from accounts.counters import Limit
from accounts.forms import (
    DeleteAccountForm,
    OwnPasswordForm,
    ResetForm,
    SignUpForm,
    TokenForm,
)
from accounts.limits import HOUR
from accounts.mailer import mailer
from accounts.models import AccessToken

RESET_LIMIT = Limit("resets", 10, HOUR)  # mails that one network has us send
ADDRESS_LIMIT = Limit("resets:address", 3, HOUR)  # mails to one address, from all networks


class RateLimited:
    """Mixin for a form view: answers with the status of what `accounts.attempts` refused."""

    def form_invalid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_invalid(form)  # type: ignore[misc]  # a mixin for FormView
        answer.status_code = attempts.status_of(form)
        return answer


class FormPage(FormView):
    """A page with one form. `danger` marks one whose action cannot be undone."""

    template_name = "accounts/form.html"
    title = ""
    action = ""
    danger = False

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = {"title": self.title, "action": self.action, "danger": self.danger}
        return super().get_context_data(**page, **kwargs)


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class SignUp(RateLimited, auth.RedirectURLMixin, FormPage):
    form_class = SignUpForm
    template_name = "accounts/signup.html"
    next_page = settings.LOGIN_REDIRECT_URL
    title, action = "Sign up", "Sign up"

    def form_valid(self, form: SignUpForm) -> HttpResponse:
        try:
            check_rate(self.request, Limit("signups", settings.LIMIT_SIGNUPS_PER_HOUR, HOUR))
            user = form.save()
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        login(self.request, user)
        way_back.remember(self.request)
        return HttpResponseRedirect(self.get_success_url())


class LogIn(RateLimited, auth.LoginView):
    template_name = "accounts/login.html"
    redirect_authenticated_user = True
    extra_context = {"title": "Log in", "action": "Log in"}

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        answer = super().form_valid(form)
        way_back.remember(self.request)
        return answer


class OfRequest:
    """Mixin for a form view whose form takes the request."""

    request: HttpRequest

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()  # type: ignore[misc]  # a mixin for FormView
        kwargs.pop("user", None)
        return {**kwargs, "request": self.request}


class PasswordChange(RateLimited, SuccessMessageMixin, OfRequest, auth.PasswordChangeView):
    form_class = OwnPasswordForm
    template_name = "accounts/form.html"
    success_url = reverse_lazy("account")
    extra_context = {"action": "Change password"}
    success_message = "Your password is changed; you are logged out elsewhere, without tokens."


class PasswordReset(RateLimited, auth.PasswordResetView):
    """Asks for a mail with a link; the answer is the same, at the same time, for all addresses."""

    form_class = ResetForm
    template_name = "accounts/reset.html"
    email_template_name = "accounts/reset_email.txt"
    subject_template_name = "accounts/reset_subject.txt"
    success_url = reverse_lazy("password_reset_done")
    extra_context = {
        "action": "Send the link",
        "mail": bool(settings.EMAIL_HOST) or settings.DEBUG,
    }

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            check_rate(self.request, RESET_LIMIT)
            check_rate_of(form.cleaned_data["email"].casefold(), ADDRESS_LIMIT)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        scheme, _, host = settings.SITE_URL.partition("://")
        mail = partial(
            form.save,
            domain_override=host,
            use_https=scheme == "https",
            subject_template_name=self.subject_template_name,
            email_template_name=self.email_template_name,
        )
        mailer.send_later(mail)
        return HttpResponseRedirect(str(self.success_url))


class PasswordResetDone(auth.PasswordResetDoneView):
    template_name = "accounts/reset_done.html"


class PasswordResetConfirm(SuccessMessageMixin, auth.PasswordResetConfirmView):
    template_name = "accounts/reset_confirm.html"
    success_url = reverse_lazy("login")
    extra_context = {"action": "Set password"}
    success_message = "Your password is set. Log in with it."

    def form_valid(self, form: Any) -> HttpResponse:
        """Give the browser its own limit: the mail has proved whose it is."""
        devices.remember(self.request, form.user.get_username())
        return super().form_valid(form)


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class DeleteAccount(RateLimited, LoginRequiredMixin, OfRequest, FormPage):
    form_class = DeleteAccountForm
    template_name = "accounts/delete.html"
    title, action, danger = "Delete your account", "Delete for ever", True
    success_url = settings.LOGOUT_REDIRECT_URL

    def form_valid(self, form: Form) -> HttpResponse:
        user = cast(User, self.request.user)
        with transaction.atomic():
            logout(self.request)
            user.delete()
        return super().form_valid(form)


@login_required
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    way_back.remember(request)
    return render(request, "accounts/account.html", {"title": "Your account"})


@method_decorator(never_cache, name="dispatch")
class Tokens(LoginRequiredMixin, FormPage):
    """The tokens of the account, and a form for another one.

    A new secret is in the answer to its form and on no other page.
    """

    form_class = TokenForm
    template_name = "accounts/tokens.html"
    title, action = "Access tokens", "Make a token"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = AccessToken.objects.filter(user=self.owner)
        return super().get_context_data(tokens=own, **kwargs)

    def form_valid(self, form: TokenForm) -> HttpResponse:
        try:
            issued = tokens.issue(self.owner, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        context = self.get_context_data(form=TokenForm(), secret=issued.secret)
        return self.render_to_response(context)

    @property
    def owner(self) -> User:
        return cast(User, self.request.user)


@login_required
@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    if tokens.revoke(cast(User, request.user), pk):
        messages.success(request, "The token is revoked.")
    return redirect("tokens")
