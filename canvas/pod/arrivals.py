"""The look-ups of arriving sockets: people that come in the same moment share the queries."""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import NamedTuple

from django.db import Error as DatabaseError
from django.db import OperationalError

from accounts import bans, sessions
from accounts.bans import Bans
from accounts.people import Person
from accounts.sessions import Login
from canvas.domain.cooldown import Allowance, cooldown_of
from canvas.domain.rules import CanvasMeta
from canvas.ledger.allowances import Drawer, allowances
from runtime.batching import Batcher
from runtime.threads import WATCH

MAX_BATCH = 200  # people a look-up: the first of a crowd need not wait for the last
PATIENCE = 10.0  # seconds until the look-up of a person begins


class Known(NamedTuple):
    """The account that a session logs in, and the bans in force."""

    login: Login | None
    bans: Bans


class Arrivals:
    """Looks people up in batches; a batch begins after its people came, so it misses nothing."""

    def __init__(self) -> None:
        late = partial(OperationalError, "the database is too slow")
        self._known = Batcher(_know, MAX_BATCH, patience=PATIENCE, late=late)
        self._allowance = Batcher(_rest, MAX_BATCH, patience=PATIENCE, late=late)

    async def look_up(self, session: str) -> Known:
        """Look up a session by the key that the browser sent, or ''. Raise DatabaseError."""
        return await self._known.ask(session)

    async def allowance(self, meta: CanvasMeta, person: Person) -> Allowance:
        """Return a person's allowance; a full one where the database does not answer, so that
        watching goes on.
        """
        cooldown = cooldown_of(meta, guest=person.is_guest)
        if cooldown.cooldown_ms:
            with suppress(DatabaseError):
                return await self._allowance.ask(Drawer(meta.id, person.id, cooldown))
        return cooldown.whole


async def _know(keys: Sequence[str]) -> list[Known]:
    return await WATCH.run(_read, keys)


async def _rest(drawers: Sequence[Drawer]) -> list[Allowance]:
    return await WATCH.run(allowances, drawers)


def _read(keys: Sequence[str]) -> list[Known]:
    logins, in_force = sessions.logins(keys), bans.in_force()
    return [Known(logins.get(key), in_force) for key in keys]
