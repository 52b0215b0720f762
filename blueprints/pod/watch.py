"""The watch of a pod over its open blueprints: it looks into the database when it is told to.

Without a hint it looks every LONGEST seconds, so that what Redis loses comes late and is not lost.
"""

import logging
from collections.abc import Collection, Mapping
from typing import Any

from django.db import Error as DatabaseError

from blueprints import reads
from blueprints.pod.openings import Openings
from blueprints.protocol import parse_hint
from canvas import metrics
from runtime.threads import WATCH
from runtime.waiting import Wakeup

logger = logging.getLogger(__name__)

SHORTEST = 0.2  # seconds between two looks, however many hints there are
LONGEST = 2.0


class Watch:
    """Looks up what is open, and has the sockets told what has changed."""

    def __init__(self, openings: Openings) -> None:
        self._openings = openings
        self._wakeup = Wakeup(SHORTEST, LONGEST)

    def look(self) -> None:
        """Look soon."""
        self._wakeup.wake()

    def hear(self, message: Mapping[str, Any]) -> None:
        """Take a hint of another pod. One without a valid signature does no more, and is counted.

        Raise OtherSite, and ValueError for one that makes no sense.
        """
        hint = parse_hint(message)
        if not hint["is_proven"]:
            metrics.hints.labels("unsigned").inc()
        self.told_of(hint["ids"])

    def told_of(self, ids: Collection[str]) -> None:
        if not self._openings.ids().isdisjoint(ids):
            self.look()

    async def run(self) -> None:
        while True:
            await self._wakeup.wait()
            try:
                await self.check()
            except DatabaseError:
                logger.exception("the open blueprints could not be looked up")

    async def check(self) -> None:
        """Look up all that is open, and tell what has changed."""
        openings = list(self._openings)
        if not openings:
            return
        known = {each.key: each.shown.version for each in openings if each.shown is not None}
        found = await WATCH.run(reads.changed, {each.key for each in openings}, known)
        for each in openings:
            if each.key in found.changed:
                each.learn(found.changed[each.key])
            elif each.key not in found.same or not each.is_known:
                each.learn(None)
