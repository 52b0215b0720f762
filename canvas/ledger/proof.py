"""The proof of stored bytes: they are believed by their hash, their length and their seq only."""

import gzip
import logging
import zlib
from hashlib import sha256
from typing import Literal

from canvas import metrics

logger = logging.getLogger(__name__)

GZIP = 31  # the form that zlib writes
PART = 2**16  # bytes that are packed at once

Kind = Literal["segment", "keyframe", "tip"]


class Unproven(Exception):
    """Stored state that contradicts itself or the ledger. It is passed over."""


def pack(content: bytes | bytearray, level: int) -> bytes:
    """Gzip, the same bytes always."""
    return gzip.compress(content, compresslevel=level, mtime=0)


def pack_below(content: bytes | bytearray, level: int, limit: int) -> bytes | None:
    """Gzip likewise; None, as soon as that is known, where it takes `limit` bytes or more."""
    packing, size = zlib.compressobj(level, wbits=GZIP), 0
    parts = []
    for start in range(0, len(content), PART):
        parts.append(packing.compress(memoryview(content)[start : start + PART]))
        size += len(parts[-1])
        if size >= limit:
            return None
    packed = b"".join((*parts, packing.flush()))
    return packed if len(packed) < limit else None


def unpack(packed: bytes, digest: str, longest: int) -> bytes:
    """Return what was packed, at most `longest` bytes with that SHA-256; raise Unproven."""
    content = unpack_any(packed, longest)
    if sha256(content).hexdigest() != digest:
        raise Unproven("it has another hash")
    return content


def unpack_any(packed: bytes, longest: int) -> bytes:
    """Return what was packed, at most `longest` bytes, with any hash; raise Unproven."""
    unpacking = zlib.decompressobj(wbits=GZIP)
    try:
        content = unpacking.decompress(packed, longest + 1)
    except zlib.error as error:
        raise Unproven(f"it cannot be unpacked: {error}") from None
    if len(content) > longest or not unpacking.eof or unpacking.unused_data:
        raise Unproven("it is longer or shorter than it may be")
    return content


def reject(kind: Kind, name: object, reason: object) -> None:
    """Raise the alarm for something that is passed over."""
    metrics.stored_state_rejected.labels(kind).inc()
    logger.error("the stored %s %s is not believed: %s", kind, name, reason)
