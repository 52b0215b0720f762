"""Proofs: the board of this pod at each segment's end, compared with the one that was sealed."""

import asyncio
import logging
from hashlib import sha256

from django.db import Error as DatabaseError

from canvas.ledger import segments
from canvas.ledger.segments import End
from canvas.pod.relay import Relay
from canvas.pod.stream import Stream
from runtime.threads import in_database

logger = logging.getLogger(__name__)

CHECK_INTERVAL = 5.0  # seconds
REMEMBERED = 8  # ends of a stream that wait to be sealed: half a million placements


class Proofs:
    """Hashes what the streams kept of their boards, and has the relay rebuild one that differs."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._ours: dict[Stream, dict[int, End]] = {}  # by seq

    async def run(self) -> None:
        while True:
            await asyncio.sleep(CHECK_INTERVAL)
            try:
                await self.check()
            except DatabaseError:
                logger.exception("the boards could not be proved")

    async def check(self) -> None:
        """Compare each end that has been sealed meanwhile; the others wait."""
        streams = self._relay.streams()
        self._ours = {stream: self._ours.get(stream, {}) for stream in streams}
        for stream, ours in self._ours.items():
            await self._hash(stream, ours)
            if ours:
                sealed = await in_database(segments.ends, stream.meta, list(ours))
                self._compare(stream, ours, sealed)

    async def _hash(self, stream: Stream, ours: dict[int, End]) -> None:
        kept = stream.take_end()
        if kept is not None:
            seq, cells = kept
            digest = await asyncio.to_thread(sha256, cells)
            ours[seq] = End(digest.hexdigest(), stream.board.width, stream.board.height)
            while len(ours) > REMEMBERED:
                del ours[min(ours)]

    def _compare(self, stream: Stream, ours: dict[int, End], sealed: dict[int, End]) -> None:
        for seq, end in sealed.items():
            mine = ours.pop(seq)
            if mine.size == end.size and mine != end:
                self._relay.disprove(stream, seq)
