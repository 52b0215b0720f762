"""Who somebody is: an account, a guest with a signed cookie, or a guest by address."""

import secrets
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.utils.crypto import salted_hmac

from canvas.errors import LoginRequired
from canvas.services import Person

GUEST_COOKIE = "guest"
GUEST_COOKIE_AGE = 365 * 24 * 3600  # seconds

_signer = Signer(salt="canvas.people.guest")


def identify(user: Any, cookies: Mapping[str, str], address: str) -> Person:
    """The person behind a request or a socket; `user` is Django's, maybe anonymous."""
    if user.is_authenticated:
        return Person(f"user:{user.pk}", user.get_username()[:32], is_guest=False)
    guest = read_guest_cookie(cookies) or _guest_of_address(address)
    return Person(f"guest:{guest}", f"Guest-{guest[:4].upper()}", is_guest=True)


def require_may_draw(person: Person) -> None:
    if person.is_guest and not settings.GUESTS_ALLOWED:
        raise LoginRequired("Log in to place pixels.")


def new_guest_cookie() -> str:
    return _signer.sign(secrets.token_hex(8))


def read_guest_cookie(cookies: Mapping[str, str]) -> str | None:
    """The guest's id; None without a cookie or with one that was not signed here."""
    try:
        return _signer.unsign(cookies.get(GUEST_COOKIE, ""))
    except BadSignature:
        return None


def client_address(peer: str, forwarded_for: str) -> str:
    """The address that the outermost of our own proxies saw.

    Each trusted proxy appends whom it heard from; whatever stands left of that, the client may
    have written itself.
    """
    hops = [hop.strip() for hop in forwarded_for.split(",") if hop.strip()]
    trusted: int = settings.TRUSTED_PROXIES
    if trusted == 0 or len(hops) < trusted:
        return peer
    return hops[-trusted]


def _guest_of_address(address: str) -> str:
    """Stable for one address, and not to be turned back into it."""
    return salted_hmac("canvas.people.address", address, algorithm="sha256").hexdigest()[:16]
