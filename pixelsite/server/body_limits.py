"""Limits on the bytes of a request's body, by its path."""

from collections.abc import Mapping

from blueprints.pictures import MAX_UPLOAD

MAX_BODY = 64 * 1024  # bytes: no form or API body of ours is larger
LARGER: Mapping[str, int] = {  # beginning of a path: bytes
    "/api/blueprints/images": MAX_UPLOAD,
    "/api/blueprints/import": MAX_UPLOAD,
}


def body_limit(path: str) -> int:
    return max((size for start, size in LARGER.items() if path.startswith(start)), default=MAX_BODY)
