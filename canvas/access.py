"""Who may take part."""

from django.conf import settings

from accounts.bans import Bans
from accounts.errors import Banned, LimitReached, LoginRequired, ScopeMissing
from accounts.people import Person

WAIT_FOR_ROOM = 10_000  # ms


def require_scope(person: Person, scope: str) -> None:
    """Only somebody with a token may lack one."""
    if scope not in person.scopes:
        raise ScopeMissing(scope)


def require_room(sockets: int) -> None:
    """`sockets` is what the network of somebody who comes holds, with the new one."""
    most: int = settings.LIMIT_SOCKETS_PER_ADDRESS
    if most and sockets > most:
        raise LimitReached(WAIT_FOR_ROOM)


def require_may_draw(person: Person) -> None:
    require_scope(person, "place")
    if person.is_guest and not settings.GUESTS_ALLOWED:
        raise LoginRequired("Log in to place pixels.")


def require_not_banned(person: Person, in_force: Bans) -> None:
    """Who is on the shadow list may come in and watch."""
    ban = in_force.of(person.id, person.address)
    if ban is not None and not ban.shadow:
        raise Banned(ban.reason)
