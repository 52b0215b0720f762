"""The WebSocket consumer that Channels routes to: lets a socket in, or says why not."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from channels.consumer import AsyncConsumer
from django.db import Error as DatabaseError

from accounts.errors import Banned, LimitReached, ScopeMissing, TokenInvalid
from canvas.domain.errors import Busy
from canvas.pod.outbox import Outbox, Send
from canvas.pod.pod import current_pod
from canvas.pod.room import Socket
from canvas.protocol import extensions
from canvas.protocol.close_codes import CloseCode
from canvas.protocol.frames import SUBPROTOCOL
from canvas.ws.admission import admit, position_of
from canvas.ws.connection import Connection, Receive, error_frames
from runtime.errors import Refused

Scope = dict[str, Any]
Stay = Callable[[], Awaitable[None]]

CODES: dict[type[Refused], CloseCode] = {
    TokenInvalid: CloseCode.LOGGED_OUT,
    ScopeMissing: CloseCode.LOGGED_OUT,
    Banned: CloseCode.BANNED,
    LimitReached: CloseCode.FLOODING,
    Busy: CloseCode.TRY_LATER,
}


class CanvasConsumer(AsyncConsumer):  # type: ignore[misc]  # Channels has no types
    """A consumer without Channels' dispatch.

    That one spends a task and a trip through the database thread on every message, and a
    subscription on every socket.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> Stay | None:
        """Let a socket in. Its stay is returned, to be awaited outside of the middleware."""
        await receive()  # websocket.connect
        pod = current_pod.get()
        binary = SUBPROTOCOL in scope["subprotocols"]
        subprotocol = SUBPROTOCOL if binary else None
        # Accepted in any case: a close before that is a bare HTTP 403, without the code.
        await send({"type": "websocket.accept", "subprotocol": subprotocol})
        outbox = Outbox(send, scope.get("extensions", {}).get(extensions.FRAMES))
        if pod is None or not pod.admits:
            outbox.close(CloseCode.TRY_LATER)
            return None
        try:
            admission = await admit(scope, pod, outbox)
        except Refused as refusal:
            outbox.put(error_frames(refusal))
            outbox.close(CODES.get(type(refusal), CloseCode.UNACCEPTABLE), refusal.code)
        except DatabaseError:
            outbox.close(CloseCode.TRY_LATER, "no database")
        else:
            connection = Connection(admission, Socket(outbox, binary=binary))
            return partial(connection.run, position_of(scope), receive)
        return None
