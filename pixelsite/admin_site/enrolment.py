"""The page of the admin where staff set up their own second factor, by a QR code."""

import logging
from base64 import b32encode, b64encode
from io import BytesIO
from typing import Any, cast

import django_otp
from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.qr import write_qrcode_image

from accounts import attempts, two_factor
from accounts.forms import ConfirmForm

logger = logging.getLogger(__name__)


class TokenForm(forms.Form):
    """Ends it: the authenticator has the key."""

    token = forms.CharField(
        label="The code that it shows",
        max_length=16,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user
        self.factors: two_factor.Factors | None = None

    def clean_token(self) -> str:
        token: str = self.cleaned_data["token"].replace(" ", "")
        self.factors = two_factor.confirm(self._user, token)
        if self.factors is None:
            raise ValidationError(
                "This is not the code of now. Wait for the next one, or begin again."
            )
        return token


@never_cache
@sensitive_post_parameters("password")
def enrol(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Ask for the password, then show the key once and ask for a code, then show recovery codes."""
    user = cast(User, request.user)
    if request.method != "POST":
        return _page(request, context, form=ConfirmForm(request))
    if "token" in request.POST:
        ending = TokenForm(user, request.POST)
        if not ending.is_valid() or ending.factors is None:
            return _page(request, context, form=ending)
        _verify(request, ending.factors.device)
        return _page(request, context, codes=ending.factors.codes)
    beginning = ConfirmForm(request, request.POST)
    if not beginning.is_valid():
        return _page(request, context, form=beginning, status=attempts.status_of(beginning))
    return _page(request, context, form=TokenForm(user), device=two_factor.begin(user))


def _verify(request: HttpRequest, device: TOTPDevice) -> None:
    """Have this session go on as one with a second factor; others of the account do not."""
    request.session.cycle_key()
    django_otp.login(request, device)
    logger.info("a second factor was set up for user:%d", device.user_id)


def _page(
    request: HttpRequest, context: dict[str, Any], *, status: int = 200, **more: Any
) -> HttpResponse:
    user = cast(User, request.user)
    device = more.get("device")
    told = {
        "title": "Your second factor",
        "present": two_factor.authenticator(user),
        "codes_left": two_factor.codes_left(user),
        "is_needed": settings.STAFF_TWO_FACTOR,
        "qr": device and qr_code(device.config_url),
        "key": device and b32encode(device.bin_key).decode(),
    }
    return TemplateResponse(
        request, "admin/two_factor.html", {**context, **told, **more}, status=status
    )


def qr_code(text: str) -> str:
    """Return a picture of a text as a data: URL."""
    file = BytesIO()
    write_qrcode_image(text, file)
    return f"data:image/svg+xml;base64,{b64encode(file.getvalue()).decode()}"
