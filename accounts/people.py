"""Identity of a person: an account, a guest with a signed cookie, or a guest by address."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.signing import BadSignature, Signer
from django.utils.crypto import salted_hmac

from accounts.models import MAX_NAME, SCOPES, AccessToken
from accounts.names import GUEST

GUEST_COOKIE = "guest"
GUEST_COOKIE_AGE = 365 * 24 * 3600  # seconds

# Hexadecimal digits of a guest's name. Of n guests with d digits, n^2 / (2 x 16^d) pairs share one:
# of 100,000, 300 pairs with 6 digits, 19 with 7, 1 with 8. The name has 14 characters, less than
# half of the 32 that every place which shows names has room for.
NAME_DIGITS = 8

ALL_SCOPES = frozenset(scope for scope, _ in SCOPES)


def _signer() -> Signer:
    return Signer(salt="accounts.people.guest")


@dataclass(frozen=True, slots=True)
class Person:
    """A participant.

    `id` is the key that rules count by (`user:7`, `guest:…`), `name` is shown to others,
    `address` is the client's. A program with a token may have fewer `scopes` than all.
    """

    id: str
    name: str
    is_guest: bool
    address: str = ""
    scopes: frozenset[str] = ALL_SCOPES
    is_by_address: bool = False  # without a cookie or a token: all programs there are one guest
    is_program: bool = False  # with a token


def identify(user: Any, cookies: Mapping[str, str], address: str) -> Person:
    """Return the person behind a request or a socket; `user` is Django's, maybe anonymous."""
    if user.is_authenticated:
        name = user.get_username()[:MAX_NAME]
        return Person(f"user:{user.pk}", name, is_guest=False, address=address)
    cookie = read_guest_cookie(cookies)
    guest = cookie or _guest_of_address(address)
    name = f"{GUEST}{guest[:NAME_DIGITS].upper()}"
    return Person(
        f"guest:{guest}", name, is_guest=True, address=address, is_by_address=cookie is None
    )


def identify_program(token: AccessToken, address: str) -> Person:
    """Return the owner of a token, with the scopes of the token."""
    name = token.user.get_username()[:MAX_NAME]
    scopes = frozenset(token.scopes)
    return Person(f"user:{token.user_id}", name, False, address, scopes, is_program=True)


def new_guest_cookie() -> str:
    return guest_cookie(secrets.token_hex(8))


def guest_cookie(guest: str) -> str:
    """Return the cookie of a guest, by their id of 16 hexadecimal digits."""
    return _signer().sign(guest)


def renewed_guest_cookie(cookies: Mapping[str, str]) -> str | None:
    """Return the guest's cookie under the present SECRET_KEY, None where it has no other."""
    guest = read_guest_cookie(cookies)
    renewed = None if guest is None else guest_cookie(guest)
    return None if renewed == cookies.get(GUEST_COOKIE) else renewed


def read_guest_cookie(cookies: Mapping[str, str]) -> str | None:
    """Return the guest's id (16 hex digits), or None without a cookie that was signed here."""
    try:
        return _signer().unsign(cookies.get(GUEST_COOKIE, ""))
    except BadSignature:
        return None


def _guest_of_address(address: str) -> str:
    """Return a guest's id that is stable for one address and does not reveal it."""
    return salted_hmac("accounts.people.address", address, algorithm="sha256").hexdigest()[:16]
