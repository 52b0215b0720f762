"""Signatures of the messages between pods: only a pod of this site can have written a signed one.

Redis is shared, and its Pub/Sub knows no database numbers: another site, or anybody with the right
to PUBLISH, can write to the same channels.
"""

from collections.abc import Sequence
from functools import cache
from hashlib import blake2b
from hmac import compare_digest

import orjson
from django.conf import settings

PURPOSE = b"pixelsite/pods"  # so that no other use of SECRET_KEY has the same key
SIZE = 16  # bytes


class Signer:
    """Signs with the first key, and accepts signatures of all of them."""

    def __init__(self, site: str, keys: Sequence[str]) -> None:
        self.site = site
        self._keys = [_derived(key) for key in keys]

    def sign(self, *fields: object) -> str:
        """Return the signature of the site and these fields, as 32 hexadecimal digits."""
        return _digest(self._keys[0], self._data(fields))

    def verifies(self, signature: object, *fields: object) -> bool:
        """Tell whether a pod of this site has signed these fields."""
        if not isinstance(signature, str):
            return False
        data, given = self._data(fields), signature.encode(errors="replace")
        return any(compare_digest(_digest(key, data).encode(), given) for key in self._keys)

    def _data(self, fields: Sequence[object]) -> bytes:
        return orjson.dumps([self.site, *fields])


def _derived(key: str) -> bytes:
    return blake2b(key.encode(), digest_size=32, person=PURPOSE).digest()


def _digest(key: bytes, data: bytes) -> str:
    return blake2b(data, digest_size=SIZE, key=key).hexdigest()


@cache
def signer() -> Signer:
    """Return the signer of this process, from SITE_NAME, SECRET_KEY and SECRET_KEY_FALLBACKS."""
    return Signer(settings.SITE_NAME, [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS])
