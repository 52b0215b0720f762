"""The streams that a pod serves, each loaded once from the database."""

import asyncio

from canvas.ledger import reads, tips
from canvas.pod.stream import MEMORY, Stream
from runtime.tasks import KeyedTasks
from runtime.threads import in_database


class Streams(dict[str, Stream]):
    """The streams by slug."""

    def __init__(self) -> None:
        super().__init__()
        self._loading = KeyedTasks[Stream]()

    async def get_or_load(self, slug: str) -> Stream:
        """Return a stream; load it when there is none yet, once for all that ask at a time.

        Raise UnknownCanvas, or DatabaseError.
        """
        if slug in self:
            return self[slug]
        loading = self._loading.get(slug) or self._loading.start(slug, self.load(slug))
        # shielded: a request that gives up must not cancel it for the others that wait
        return await asyncio.shield(loading)

    async def load(self, slug: str) -> Stream:
        """Read a stream from the database, in place of the one that there was.

        Raise UnknownCanvas, or DatabaseError.
        """
        self[slug] = await in_database(_read, slug)
        return self[slug]


def _read(slug: str) -> Stream:
    meta, seq = reads.head(slug)
    current = tips.load(meta, seq)
    recent = reads.pixels_after(meta, max(0, current.seq - MEMORY), MEMORY)
    return Stream(meta, current, [pixel for pixel in recent if pixel.seq <= current.seq])
