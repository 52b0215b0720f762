"""Persons in data sets: hashes under a key of each export, which tell nothing elsewhere.

The scheme is that of Pxls: a person who gets their own key of an export finds their own pixels
in it, and nobody else's. The key of an export is derived from SECRET_KEY and the export's public
id, so that there is none to keep.
"""

import hmac
from base64 import urlsafe_b64encode
from hashlib import blake2b, sha256

from history.datasets.records import NO_PERSON, PERSON_BYTES

PURPOSE = b"pixelsite/export"
MAX_KNOWN = 100_000  # hashes that are remembered, 20 MB


def export_key(secret: str, export: str) -> bytes:
    """Return the key of an export, which stays on the server."""
    root = blake2b(secret.encode(), digest_size=32, person=PURPOSE).digest()
    return hmac.digest(root, export.encode(), "sha256")


def person_hash(key: bytes, actor: str) -> bytes:
    """Return the hash that stands for a person in an export."""
    return hmac.digest(key, actor.encode(), "sha256")[:PERSON_BYTES]


def personal_key(person: bytes) -> bytes:
    """Return the key of a person in an export, as text: what `Pxls` calls the user key."""
    return urlsafe_b64encode(person)


def row_hash(stamp: bytes, x: int, y: int, color: int, key: bytes) -> str:
    """Return what stands for a person in one line of Pxls' public log."""
    return sha256(b"%b,%d,%d,%d,%b" % (stamp, x, y, color, key)).hexdigest()


class Persons(dict[bytes, bytes]):
    """8 bytes for each person's name, under the key of an import; NO_PERSON for no name."""

    def __init__(self, key: bytes) -> None:
        super().__init__({b"": NO_PERSON})
        self._keyed = blake2b(key=key, digest_size=8)

    def __missing__(self, name: bytes) -> bytes:
        if len(self) >= MAX_KNOWN:
            self.clear()
            self[b""] = NO_PERSON
        keyed = self._keyed.copy()
        keyed.update(name)
        self[name] = keyed.digest()
        return self[name]
