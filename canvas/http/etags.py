"""Answers that a cache asks for anew: an ETag spares their bytes, and their making."""

from hashlib import sha256

from django.utils.http import parse_etags
from rest_framework.request import Request


def etag_of(*parts: object) -> str:
    """Return the ETag of what follows from these values; weak, since it may come gzipped or not."""
    return f'W/"{sha256(repr(parts).encode()).hexdigest()[:32]}"'


def is_held(request: Request, etag: str) -> bool:
    """Tell whether the client says that it has the answer with this ETag."""
    return etag in parse_etags(request.headers.get("If-None-Match", ""))
