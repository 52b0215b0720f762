"""Who somebody is: an account, a guest with a signed cookie, or a guest by address."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.signing import BadSignature, Signer
from django.utils.crypto import salted_hmac

from accounts.models import MAX_NAME, SCOPES, AccessToken

GUEST_COOKIE = "guest"
GUEST_COOKIE_AGE = 365 * 24 * 3600  # seconds

EVERYTHING = frozenset(scope for scope, _ in SCOPES)

_signer = Signer(salt="accounts.people.guest")


@dataclass(frozen=True, slots=True)
class Person:
    """Who takes part. `id` is what rules count for (`user:7`, `guest:…`), `name` is what others
    see, `address` where the person comes from. A program comes with a token; `scopes` is how far
    the token goes.
    """

    id: str
    name: str
    is_guest: bool
    address: str = ""
    scopes: frozenset[str] = EVERYTHING
    is_program: bool = False


def identify(user: Any, cookies: Mapping[str, str], address: str) -> Person:
    """The person behind a request or a socket; `user` is Django's, maybe anonymous."""
    if user.is_authenticated:
        name = user.get_username()[:MAX_NAME]
        return Person(f"user:{user.pk}", name, is_guest=False, address=address)
    guest = read_guest_cookie(cookies) or _guest_of_address(address)
    name = f"Guest-{guest[:4].upper()}"
    return Person(f"guest:{guest}", name, is_guest=True, address=address)


def identify_program(token: AccessToken, address: str) -> Person:
    """The owner of a token, as far as the token goes."""
    name = token.user.get_username()[:MAX_NAME]
    scopes = frozenset(token.scopes)
    return Person(f"user:{token.user_id}", name, False, address, scopes, is_program=True)


def new_guest_cookie() -> str:
    return _signer.sign(secrets.token_hex(8))


def read_guest_cookie(cookies: Mapping[str, str]) -> str | None:
    """The guest's id; None without a cookie or with one that was not signed here."""
    try:
        return _signer.unsign(cookies.get(GUEST_COOKIE, ""))
    except BadSignature:
        return None


def _guest_of_address(address: str) -> str:
    """Stable for one address, and not to be turned back into it."""
    return salted_hmac("accounts.people.address", address, algorithm="sha256").hexdigest()[:16]
