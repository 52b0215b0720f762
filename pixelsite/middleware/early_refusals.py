"""ASGI applications and middleware that turn a request or a socket away before Django sees it."""

from typing import Any

import orjson

from pixelsite.errors import Malformed, NoSuchPath
from runtime.errors import Refused

Scope = dict[str, Any]


class NulRefuser:
    """ASGI middleware: an address with a NUL is refused. No text of PostgreSQL has one."""

    def __init__(self, application: Any) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> Any:
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:
            return await answer(scope, receive, send, Malformed("An address holds no NUL."))
        return await self._application(scope, receive, send)


async def no_such_socket(scope: Scope, receive: Any, send: Any) -> None:
    await answer(scope, receive, send, NoSuchPath("There is no WebSocket at this address."))


async def answer(scope: Scope, receive: Any, send: Any, refusal: Refused) -> None:
    """Answer with status and body of a refusal; with 403 where a handshake can have no other."""
    kind = "http.response"
    if scope["type"] == "websocket":
        await receive()
        if "websocket.http.response" not in scope.get("extensions", {}):
            await send({"type": "websocket.close"})
            return
        kind = "websocket.http.response"
    headers = [(b"content-type", b"application/json")]
    await send({"type": f"{kind}.start", "status": refusal.status, "headers": headers})
    await send({"type": f"{kind}.body", "body": orjson.dumps(refusal.as_dict())})
