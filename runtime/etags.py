"""ETags of answers that clients and caches ask for anew: they spare the bytes, and the making."""

from hashlib import sha256

from django.utils.http import parse_etags

WEAK = "W/"


def etag_of(*parts: object) -> str:
    """Return the ETag of what follows from these values; weak, since it may come gzipped or not."""
    return f'{WEAK}"{sha256(repr(parts).encode()).hexdigest()[:32]}"'


def is_held(if_none_match: str | None, etag: str) -> bool:
    """Tell whether a client with this header has the answer with this ETag.

    The header may list several, and a proxy that compresses has made a strong one weak.
    """
    held = parse_etags(if_none_match or "")
    return "*" in held or etag.removeprefix(WEAK) in (each.removeprefix(WEAK) for each in held)
