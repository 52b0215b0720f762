"""Who is being served while something is logged, and what a log may not say."""

import logging
import re
import time
import uuid
from collections.abc import Mapping
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any

logger = logging.getLogger(__name__)

REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")  # nothing else of a client's is logged
HEADER = b"x-request-id"
NO_ROUTE = "(no route)"

NOTHING: Mapping[str, str] = MappingProxyType({})
_serving: ContextVar[Mapping[str, str]] = ContextVar("serving", default=NOTHING)

Scope = dict[str, Any]


class Context(logging.Filter):
    """Adds `pod`, and `request_id` or `connection_id`; replaces paths, which may carry tokens."""

    def __init__(self, pod: str) -> None:
        super().__init__()
        self._pod = pod

    def filter(self, record: logging.LogRecord) -> bool:
        request = record.__dict__.pop("request", None)  # Django's: its repr shows the query
        path = getattr(request, "path", None)
        if path and isinstance(record.args, tuple):
            route = _route(request)
            record.args = tuple(route if arg == path else arg for arg in record.args)
        record.__dict__.update(serving(), pod=self._pod)
        return True


def serving() -> Mapping[str, str]:
    """The number of what is being served, under its name; nothing where that is nothing."""
    return _serving.get()


def identified(application: Any) -> Any:
    """Number whatever is served; an HTTP answer carries the number as X-Request-ID."""

    async def serve(scope: Scope, receive: Any, send: Any) -> None:
        number = _given(scope) or uuid.uuid4().hex
        kind = "request_id" if scope["type"] == "http" else "connection_id"
        token = _serving.set({kind: number})

        async def answer(message: Mapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", []), (HEADER, number.encode())]
                message = {**message, "headers": headers}
            await send(message)

        started = time.monotonic()
        try:
            await application(scope, receive, answer if scope["type"] == "http" else send)
        finally:
            if scope["type"] == "websocket":
                logger.info("socket gone", extra={"seconds": round(time.monotonic() - started, 1)})
            _serving.reset(token)

    return serve


def _given(scope: Scope) -> str | None:
    """The number that a proxy gave the request already."""
    for name, value in scope["headers"]:
        if name == HEADER and REQUEST_ID.fullmatch(value):
            given: str = value.decode()
            return given
    return None


def _route(request: Any) -> str:
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match else NO_ROUTE
