"""What the database says of those who come in."""

from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from django.db import Error as DatabaseError

from accounts import bans, sessions
from accounts.bans import Bans
from accounts.people import Person
from accounts.sessions import Login
from canvas import ledger
from canvas.ledger import Drawer
from canvas.pace import Stamina, pace_of
from canvas.rules import CanvasMeta
from canvas.threads import in_database
from canvas.turns import Turns

MAX_PARTY = 200  # people a read: the first of a crowd need not wait for the last


class Known(NamedTuple):
    """The account that is logged in by a session, and who is banned now."""

    login: Login | None
    bans: Bans


class Reception:
    """Thousands may come in the same moment: they are asked for together."""

    def __init__(self) -> None:
        self._known = Turns(_know, MAX_PARTY)
        self._stamina = Turns(_rest, MAX_PARTY)

    async def look_up(self, session: str) -> Known:
        """`session` is the key that a browser sent, or empty. Raise DatabaseError."""
        return await self._known.ask(session)

    async def stamina(self, meta: CanvasMeta, person: Person) -> Stamina:
        """All that there may be, where the database cannot be asked: watching goes on without."""
        pace = pace_of(meta, guest=person.is_guest)
        if pace.cooldown_ms:
            with suppress(DatabaseError):
                return await self._stamina.ask(Drawer(meta.id, person.id, pace))
        return pace.whole


async def _know(keys: Sequence[str]) -> list[Known]:
    return await in_database(_read, keys)


async def _rest(drawers: Sequence[Drawer]) -> list[Stamina]:
    return await in_database(ledger.staminas, drawers)


def _read(keys: Sequence[str]) -> list[Known]:
    logins, in_force = sessions.logins(keys), bans.in_force()
    return [Known(logins.get(key), in_force) for key in keys]
