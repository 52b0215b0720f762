"""Checks of a person's right to take part; each raises a refusal of `accounts.errors`."""

from django.conf import settings

from accounts.bans import Bans
from accounts.errors import Banned, LimitReached, LoginRequired, ScopeMissing
from accounts.people import Person

WAIT_FOR_ROOM = 10_000  # ms


def require_scope(person: Person, scope: str) -> None:
    """Refuse a program whose token lacks the scope; a person without a token has every scope."""
    if scope not in person.scopes:
        raise ScopeMissing(scope)


def require_room(sockets: int, factor: int) -> None:
    """Refuse a network that has too many sockets; `sockets` counts the new one as well.

    It may have so many as `factor` subscribers.
    """
    most: int = settings.LIMIT_SOCKETS_PER_ADDRESS * factor
    if most and sockets > most:
        raise LimitReached(WAIT_FOR_ROOM)


def require_may_draw(person: Person) -> None:
    """Refuse a guest where only accounts may draw, and a token without the scope `place`."""
    require_scope(person, "place")
    if person.is_guest and not settings.GUESTS_ALLOWED:
        raise LoginRequired("Log in to place pixels.")


def require_not_banned(person: Person, in_force: Bans) -> None:
    """Refuse a banned person; a person on the shadow list may come in and watch."""
    if ban := in_force.turning_away(person.id, person.address):
        raise Banned(ban.reason)
