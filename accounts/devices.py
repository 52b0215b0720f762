"""Browsers that an account has logged in with: a signed cookie tells them from a stranger's.

So that guesses from many networks at one account cannot keep its person from logging in. The
cookie proves nothing else: a password is asked for with it as without it.
"""

import secrets
from collections.abc import Callable

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponseBase

from runtime.keyed_hash import keyed_hash

COOKIE = "device"
COOKIE_AGE = 365 * 24 * 3600  # seconds
PURPOSE = b"accounts/account"
KEY_SIZE = 12  # bytes


def _signer() -> Signer:
    return Signer(salt="accounts.devices")


def account_key(username: str) -> str:
    """Return a key that is the same for one name, and does not reveal it.

    People type their password where the name belongs now and then, and keys stand in Redis.
    """
    hashed = keyed_hash(settings.SECRET_KEY, PURPOSE, KEY_SIZE)
    hashed.update(username.encode(errors="surrogatepass"))
    return hashed.hexdigest()


def known(request: HttpRequest, username: str) -> str | None:
    """Return the id of this browser if the account has logged in with it before, else None."""
    device, name = _read(request)
    return device if device and name == username else None


def account_of(request: HttpRequest) -> str:
    """Return the name of the account that this browser has logged in with, '' for none."""
    return _read(request)[1]


def _read(request: HttpRequest) -> tuple[str, str]:
    """Return the id of the browser and the name of its account; '' twice without the cookie."""
    try:
        device, _, name = _signer().unsign(request.COOKIES.get(COOKIE, "")).partition(":")
    except BadSignature:
        return "", ""
    return device, name


def remember(request: HttpRequest, username: str) -> None:
    """Have the answer to this request make its browser one that the account has logged in with."""
    if known(request, username) is None:
        request.new_device = f"{secrets.token_hex(8)}:{username}"  # type: ignore[attr-defined]  # for the middleware


class DeviceMiddleware:
    """Django middleware that sets the cookie of a browser that has just logged in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        if device := getattr(request, "new_device", None):
            response.set_cookie(
                COOKIE,
                _signer().sign(device),
                max_age=COOKIE_AGE,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response
