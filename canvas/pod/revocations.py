"""Revocations: closes the sockets of people who lost the right to stay, by the database alone."""

import logging
import time
from collections.abc import Callable

from django.db import Error as DatabaseError

from accounts import expulsions, sessions
from accounts.models import Expulsion
from accounts.open_sockets import OpenSockets
from runtime.threads import WATCH
from runtime.waiting import Wakeup

logger = logging.getLogger(__name__)

DEBOUNCE = 0.05  # seconds between two reads at least: a storm of hints is one read
CHECK_INTERVAL = 1.0  # and at most: a lost hint costs a second


class Revocations:
    """Reads the expulsions of the database; a message from another pod only hurries it."""

    def __init__(self, on_deleted: Callable[[], None] = lambda: None) -> None:
        """`on_deleted` is called after an account was deleted on any pod."""
        self.open_sockets = OpenSockets()
        self._on_deleted = on_deleted
        self._last: int | None = None
        self._wakeup = Wakeup(DEBOUNCE, CHECK_INTERVAL)

    @property
    def watches(self) -> bool:
        """Tell whether it knows which expulsion to go on from; until then no socket may come in."""
        return self._last is not None

    def look(self) -> None:
        """Read now rather than at the next interval."""
        self._wakeup.wake()

    async def start(self) -> None:
        """Go on from the newest expulsion: no socket is open yet, so older ones concern none."""
        try:
            self._last = await WATCH.run(expulsions.newest)
        except DatabaseError:
            logger.exception("no expulsions can be read")

    async def run(self) -> None:
        while True:
            await self._wakeup.wait()
            await self.check()
            await self.check_sessions()

    async def check(self) -> None:
        """Expel the sockets that expulsions since the last look name."""
        last = self._last
        if last is None:
            await self.start()
            return
        try:
            news = await WATCH.run(expulsions.since, last)
        except DatabaseError:
            logger.exception("no expulsions can be read")
            return
        fresh = [each for each in news if each.id > last]
        self.open_sockets.expel(fresh)
        if any(each.kind == Expulsion.DELETED for each in fresh):
            self._on_deleted()
        if news:
            self._last = news[-1].id
        elif last:  # the newest is always kept: this is another database
            self._last = None

    async def check_sessions(self) -> None:
        """Expel sockets whose session is over. While the database does not answer they stay."""
        due = self.open_sockets.due(time.time())
        if not due:
            return
        try:
            ends = await WATCH.run(sessions.ends_of, [socket.session for socket in due])
        except DatabaseError:
            logger.exception("no sessions can be read")
        else:
            self.open_sockets.expire(due, ends)
