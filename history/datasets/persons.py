"""Persons in data sets: hashes under a key of each export, which tell nothing elsewhere.

The scheme is that of Pxls: a person who gets their own key of an export finds their own pixels
in it, and nobody else's. The key of an export is derived from SECRET_KEY and the export's public
id, so that there is none to keep.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable
from hashlib import blake2b, sha256

from history.datasets.records import NO_PERSON, PERSON_BYTES

PURPOSE = b"pixelsite/export"
MAX_KNOWN = 100_000  # hashes that are remembered, 20 MB
BLOCK = 64  # bytes of a block of SHA-256


def export_key(secret: str, export: str) -> bytes:
    """Return the key of an export, which stays on the server."""
    root = blake2b(secret.encode(), digest_size=32, person=PURPOSE).digest()
    return hmac.digest(root, export.encode(), "sha256")


def person_hash(key: bytes, actor: str) -> bytes:
    """Return the hash that stands for a person in an export."""
    return hmac.digest(key, actor.encode(), "sha256")[:PERSON_BYTES]


def hmac_pads(key: bytes) -> tuple[bytes, bytes]:
    """Return the two blocks of an HMAC by SHA-256, for a database that has no HMAC itself."""
    padded = key.ljust(BLOCK, b"\0")
    return bytes(each ^ 0x36 for each in padded), bytes(each ^ 0x5C for each in padded)


def personal_key(person: bytes) -> bytes:
    """Return the key of a person in an export, as text: what `Pxls` calls the user key."""
    return urlsafe_b64encode(person)


def row_hash(stamp: bytes, x: int, y: int, color: int, key: bytes) -> str:
    """Return what stands for a person in one line of Pxls' public log."""
    return sha256(b"%b,%d,%d,%d,%b" % (stamp, x, y, color, key)).hexdigest()


def import_hasher(key: bytes) -> Callable[[bytes], bytes]:
    """Return a function that makes 8 bytes of a person's name, under the key of an import."""
    keyed = blake2b(key=key, digest_size=8)
    known: dict[bytes, bytes] = {b"": NO_PERSON}

    def hashed(name: bytes) -> bytes:
        if (found := known.get(name)) is not None:
            return found
        if len(known) >= MAX_KNOWN:
            known.clear()
            known[b""] = NO_PERSON
        once = keyed.copy()
        once.update(name)
        known[name] = once.digest()
        return known[name]

    return hashed
