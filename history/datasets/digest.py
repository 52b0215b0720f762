"""The digest of a past: the same for the same placements and sizes, in whichever format."""

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from canvas.ledger.loading import Strip
from history.datasets.records import Batch

CHUNK = 65_536  # placements that are hashed at once; the digest depends on it


class Digest:
    """A hash of chunks, so that it can go on later from those that are done.

    Persons are not in it: their hashes differ from export to export. `flags` are those that count.
    """

    def __init__(self, flags: int, chunks: Iterable[str] = ()) -> None:
        self._flags = flags
        self.chunks = list(chunks)

    def add(self, part: Batch | Strip) -> None:
        """Take CHUNK placements; fewer at the end only."""
        hashed = sha256(part.times.astype("<i8").tobytes())
        hashed.update(part.xs.astype("<u2").tobytes())
        hashed.update(part.ys.astype("<u2").tobytes())
        hashed.update(part.colors.tobytes())
        hashed.update((part.flags & self._flags).tobytes())
        self.chunks.append(hashed.hexdigest())

    def result(self, looks: list[Any]) -> str:
        """Return the digest in hex; `looks` are the sizes and palettes, as JSON can tell them."""
        hashed = sha256(json.dumps(looks, separators=(",", ":")).encode())
        for chunk in self.chunks:
            hashed.update(bytes.fromhex(chunk))
        return hashed.hexdigest()
