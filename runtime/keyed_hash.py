"""Keyed hashes: one secret, another key for each purpose."""

from hashlib import blake2b


def keyed_hash(secret: str, purpose: bytes, size: int) -> blake2b:
    """Return a hash of `size` bytes under a key derived from a secret for one purpose.

    It has taken the key in already, which is half of the work: copy it, and go on with the copy.
    """
    derived = blake2b(secret.encode(), digest_size=32, person=purpose).digest()
    return blake2b(digest_size=size, key=derived)
