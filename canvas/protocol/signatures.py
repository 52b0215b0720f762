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

from runtime.keyed_hash import keyed_hash

PURPOSE = b"pixelsite/pods"  # so that no other use of SECRET_KEY has the same key
SIZE = 16  # bytes


class Signer:
    """Signs with the first key, and accepts signatures of all of them."""

    def __init__(self, site: str, keys: Sequence[str]) -> None:
        self.site = site
        self._hashes = [keyed_hash(key, PURPOSE, SIZE) for key in keys]

    def sign(self, *fields: object) -> str:
        """Return the signature of the site and these fields, as 32 hexadecimal digits."""
        return _digest(self._hashes[0], orjson.dumps((self.site, *fields)))

    def verifies(self, signature: object, *fields: object) -> bool:
        """Tell whether a pod of this site has signed these fields.

        Raise TypeError for fields that JSON cannot hold.
        """
        data = orjson.dumps((self.site, *fields))
        if not isinstance(signature, str) or not signature.isascii():
            return False
        for keyed in self._hashes:  # noqa: SIM110 - any() takes longer than the comparison
            if compare_digest(_digest(keyed, data), signature):
                return True
        return False


def _digest(keyed: blake2b, data: bytes) -> str:
    hashed = keyed.copy()
    hashed.update(data)
    return hashed.hexdigest()


@cache
def signer() -> Signer:
    """Return the signer of this process, from SITE_NAME, SECRET_KEY and SECRET_KEY_FALLBACKS."""
    return Signer(settings.SITE_NAME, [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS])
