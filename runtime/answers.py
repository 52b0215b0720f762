"""HTTP answers that are made once, and sent by Django or past it."""

import re
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

PART = 64 * 1024  # bytes
WEIGHT_0 = re.compile(r"q\s*=\s*0(\.0*)?")


class Answer(NamedTuple):
    """An HTTP answer, whole."""

    status: int
    headers: dict[str, str]
    body: bytes


def takes_gzip(accept_encoding: str) -> bool:
    """Tell whether an Accept-Encoding names gzip, and not with the weight 0, which refuses it."""
    for part in accept_encoding.lower().split(","):
        name, *parameters = (each.strip() for each in part.split(";"))
        if name in ("gzip", "x-gzip"):
            return not any(WEIGHT_0.fullmatch(each) for each in parameters)
    return False


async def respond(answer: Answer, send: Callable[[Any], Awaitable[None]]) -> None:
    """Send an answer by ASGI in parts, each when the client has taken most of those before."""
    headers = answer.headers | {"Content-Length": str(len(answer.body))}
    pairs = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": pairs})
    for start in range(0, len(answer.body) - PART, PART):
        part = answer.body[start : start + PART]
        await send({"type": "http.response.body", "body": part, "more_body": True})
    last = (len(answer.body) - 1) // PART * PART if answer.body else 0
    await send({"type": "http.response.body", "body": answer.body[last:]})
