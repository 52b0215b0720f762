"""The person who asks for something about blueprints, and what that person may do."""

from math import ceil

from django.conf import settings
from django.contrib.auth.models import User
from rest_framework.request import Request

from accounts import bans
from accounts.counters import Limit
from accounts.errors import LoginRequired
from accounts.limits import HOUR, count
from canvas import access
from canvas.http.base import person_of

UNIT = 2**17  # bytes that count as one event
MAX_SENT = 64 * 2**20  # bytes, packed, of all images that a person sends in an hour


def count_sent(user: User, size: int) -> None:
    """Count the packed bytes of images that an account has sent; raise LimitReached."""
    limit = Limit(f"blueprint-bytes:user:{user.pk}", MAX_SENT // UNIT, HOUR)
    count(limit, events=max(1, ceil(size / UNIT)))


def signed_in(request: Request) -> User | None:
    """Return the account that asks, None for a guest."""
    return request.user if isinstance(request.user, User) else None


def reader(request: Request) -> User | None:
    """Return the account that reads, None for a guest; raise ScopeMissing."""
    access.require_scope(person_of(request), "read")
    return signed_in(request)


def account(request: Request) -> User:
    """Return the account that reads what is its own; raise LoginRequired, ScopeMissing."""
    user = reader(request)
    if user is None:
        raise LoginRequired("Log in to have blueprints of your own.")
    return user


def owner(request: Request) -> User:
    """Return the account that takes back what is its own, or its name, banned or not.

    Raise LoginRequired, ScopeMissing.
    """
    access.require_scope(person_of(request), "place")
    user = signed_in(request)
    if user is None:
        raise LoginRequired("Log in to take back what is yours.")
    return user


def editor(request: Request, kind: str | None = None) -> User:
    """Return the account that changes something; count one event of a kind for it.

    Raise LoginRequired, ScopeMissing, Banned, LimitReached.
    """
    person = person_of(request)
    access.require_scope(person, "place")
    if not isinstance(request.user, User):
        raise LoginRequired("Log in to save blueprints.")
    access.require_not_banned(person, bans.in_force())
    if kind is not None:
        count(Limit(f"{kind}:{person.id}", settings.LIMIT_BLUEPRINTS_PER_HOUR, HOUR))
    return request.user
