"""Our own format: segments as docs/history.md lays them out, a file each."""

import hashlib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import numpy as np

from canvas.ledger import proof, segment_format, segments
from canvas.ledger.loading import Strip, strip_of
from canvas.ledger.segment_format import NO_SEGMENT, Content
from history.datasets.manifest import Manifest
from history.errors import BadData

NAME = "segments"
LONGEST = 4 * segments.LONGEST  # bytes of a file


class Stored(NamedTuple):
    """A segment of a file, and the SHA-256 of its bytes in hex."""

    content: Content
    sha256: str


def file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read(path: Path) -> Stored:
    """Return the segment of a file; raise BadData."""
    try:
        if path.stat().st_size > LONGEST:
            raise ValueError("it is too long")
        encoded = proof.unpack_any(path.read_bytes(), segments.LONGEST)
        return Stored(segment_format.decode(encoded), sha256(encoded).hexdigest())
    except (OSError, ValueError, proof.Unproven) as error:
        raise BadData(path.name, "byte 0", f"it is no segment: {error}") from None


def strips(folder: Path, manifest: Manifest) -> Iterator[Strip]:
    """Yield the placements of an export; raise BadData where its chain is broken.

    Each segment must follow the one before it, by its seqs, its times and its hashes.
    """
    before, seq, time = NO_SEGMENT, 0, 0
    for file in manifest["files"]:
        path = folder / Path(file["name"]).name
        if not path.exists():
            raise BadData(file["name"], "", "it is missing")
        if file_hash(path) != file["sha256"]:
            raise BadData(path.name, "", "it is another file than its manifest names")
        content, hashed = read(path)
        header = content.header
        if header.segment_before != before or header.first_seq != seq + 1:
            raise BadData(path.name, "byte 8", "it does not follow the segment before it")
        if not content.times or header.first_ms < time:
            raise BadData(path.name, "byte 16", "its time is before that of the segment before it")
        _check_cells(path, content, manifest)
        before, seq = bytes.fromhex(hashed), seq + len(content.times)
        time = content.times[-1]
        yield strip_of(content)


def _check_cells(path: Path, content: Content, manifest: Manifest) -> None:
    """Raise BadData for a cell outside of the board, or a colour outside of the palette."""
    strip = strip_of(content)
    outside = (strip.xs >= manifest["width"]) | (strip.ys >= manifest["height"])
    for wrong, reason in (
        (outside, "is outside of the board"),
        (strip.colors >= len(manifest["palette"]), "has a colour outside of the palette"),
    ):
        if wrong.any():
            seq = content.header.first_seq + int(np.flatnonzero(wrong)[0])
            raise BadData(path.name, f"placement {seq}", f"it {reason}")
