"""Pseudonyms of persons: the same on all pods of a site, and of no use to anybody else.

Redis is shared: what stands there may tell that two sockets are of one person, but not of which,
and not that a person of one site is a person of another.
"""

from functools import lru_cache
from hashlib import blake2b

from django.conf import settings

from runtime.keyed_hash import keyed_hash

PURPOSE = b"pixelsite/people"  # so that no other use of SECRET_KEY has the same key
SIZE = 8  # bytes: among 100,000 persons any two are taken for one once in 3 billion times


def pseudonym(person: str) -> str:
    """Return the pseudonym of a person's id, as 16 hexadecimal digits.

    Another SECRET_KEY makes others: while pods change over to it, a person on an old and on a new
    one is two.
    """
    hashed = _keyed(settings.SECRET_KEY, settings.SITE_NAME).copy()
    hashed.update(person.encode())
    return hashed.hexdigest()


@lru_cache(maxsize=4)
def _keyed(secret: str, site: str) -> blake2b:
    """Return a hash that has taken in its key and the site: each pseudonym goes on with a copy."""
    keyed = keyed_hash(secret, PURPOSE, SIZE)
    keyed.update(site.encode() + b"\0")
    return keyed
