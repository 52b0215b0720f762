"""Ids of requests and sockets, in answers and in every log line that is written for them."""

import logging
import re
import time
import uuid
from collections.abc import Mapping
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any

logger = logging.getLogger(__name__)

REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")  # other values of the header are not logged
HEADER = b"x-request-id"
NO_ROUTE = "(no route)"

NOTHING: Mapping[str, str] = MappingProxyType({})
_serving: ContextVar[Mapping[str, str]] = ContextVar("serving", default=NOTHING)

Scope = dict[str, Any]


class ContextFilter(logging.Filter):
    """A filter that adds `pod`, and `request_id` or `connection_id`, to each log record.

    It also replaces the path of a request by its route, because a path may contain a token.
    """

    def __init__(self, pod: str) -> None:
        super().__init__()
        self._pod = pod

    def filter(self, record: logging.LogRecord) -> bool:
        request = record.__dict__.pop("request", None)  # Django's: its repr shows the query
        path = getattr(request, "path", None)
        if path and isinstance(record.args, tuple):
            route = _route(request)
            forms = path, path.encode("unicode_escape").decode()  # Django logs the second one
            record.args = tuple(route if arg in forms else arg for arg in record.args)
        record.__dict__.update(serving(), pod=self._pod)
        return True


def serving() -> Mapping[str, str]:
    """Return the id of the request or socket that is being served, under its name.

    That is `{"request_id": …}`, `{"connection_id": …}`, or an empty mapping.
    """
    return _serving.get()


def with_request_id(application: Any) -> Any:
    """Wrap an ASGI application: give each request and socket an id.

    An HTTP answer carries it as X-Request-ID.
    """

    async def serve(scope: Scope, receive: Any, send: Any) -> None:
        id_ = _id_from_header(scope) or uuid.uuid4().hex
        kind = "request_id" if scope["type"] == "http" else "connection_id"
        token = _serving.set({kind: id_})

        async def answer(message: Mapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", []), (HEADER, id_.encode())]
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


def _id_from_header(scope: Scope) -> str | None:
    """Return the id that a proxy gave the request already, or None."""
    for name, value in scope["headers"]:
        if name == HEADER and REQUEST_ID.fullmatch(value):
            id_: str = value.decode()
            return id_
    return None


def _route(request: Any) -> str:
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match else NO_ROUTE
