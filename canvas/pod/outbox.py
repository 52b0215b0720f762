"""The outbox: frames on their way to one socket. Putting one in never waits."""

import asyncio
import logging
import types
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator, Mapping, Sequence
from typing import Any, NamedTuple

from canvas.protocol.events import Event, encode
from canvas.protocol.frames import BINARY, TEXT, server_frame

logger = logging.getLogger(__name__)

MAX_BYTES = 256 * 1024  # waiting for one socket, over what the server and the kernel hold
CLOSE_TIMEOUT = 2.0  # seconds that a close waits for frames before it; then it overtakes them

Message = Mapping[str, Any]
Send = Callable[[Any], Coroutine[Any, Any, None]]
Write = Callable[[bytes], Any]


class Frames(NamedTuple):
    """Messages that go out together; encoded once and shared by all sockets that get them.

    `data` holds the same to the last byte, as a server writes it to the connection. An answer is
    for one socket, and nothing else would tell its client the same.
    """

    messages: Sequence[Message]
    size: int  # bytes, about
    data: bytes
    is_answer: bool = False

    @classmethod
    def of_events(cls, *events: Event) -> "Frames":
        return cls.of_text(*map(encode, events))

    @classmethod
    def of_text(cls, *texts: str) -> "Frames":
        messages = [{"type": "websocket.send", "text": text} for text in texts]
        data = b"".join([server_frame(TEXT, text.encode()) for text in texts])
        return cls(messages, sum(map(len, texts)), data)

    @classmethod
    def of_bytes(cls, *frames: bytes) -> "Frames":
        messages = [{"type": "websocket.send", "bytes": frame} for frame in frames]
        data = b"".join([server_frame(BINARY, frame) for frame in frames])
        return cls(messages, sum(map(len, frames)), data)

    def as_answer(self) -> "Frames":
        return self._replace(is_answer=True)


class Outbox:
    """Sends at once while the socket takes it; else keeps up to MAX_BYTES for it.

    `direct` writes the bytes of frames to the connection, while the server offers that and nothing
    waits; else it is None. As messages they would cost a coroutine each, and their frames would be
    made for each socket anew.
    """

    __slots__ = (
        "_closing",
        "_is_open",
        "_queue",
        "_send",
        "_server_write",
        "_size",
        "_task",
        "direct",
    )

    def __init__(self, send: Send, server: Mapping[str, Any] | None = None) -> None:
        """Take the server's `send`, and its extension FRAMES where it has that."""
        self.direct: Write | None = None
        self._send = send
        self._server_write: Write | None = None
        self._is_open = False
        self._queue: deque[Frames] | None = None  # while a socket keeps up it needs none
        self._size = 0
        self._task: asyncio.Task[None] | None = None
        self._closing = False
        if server:
            self._server_write = server["write"]
            server["watch"](self._open)

    @property
    def waiting(self) -> int:
        """The bytes that the socket has not taken yet."""
        return self._size

    def put(self, frames: Frames) -> bool:
        """Send or keep the frames. Return False, and keep nothing, when they are over the bound."""
        if self.direct is not None:
            self.direct(frames.data)
            return True
        if self._closing:
            return True
        if self._task is None:
            self._write(frames)
            return True
        if self._size + frames.size > MAX_BYTES:
            return False
        self._keep(frames)
        return True

    def drop(self) -> None:
        """Forget what has not been sent yet, apart from answers."""
        self._queue = deque(each for each in self._queue or () if each.is_answer)
        self._size = sum(each.size for each in self._queue)

    def _clear(self) -> None:
        """Forget all that has not been sent yet."""
        self._queue = None
        self._size = 0

    @property
    def closing(self) -> bool:
        return self._closing

    def close(self, code: int, reason: str = "", *, flush: bool = False) -> None:
        """Close the socket; what waits is dropped, or with `flush` sent first.

        A frame that the socket does not take holds the close up for CLOSE_TIMEOUT at most.
        """
        if self._closing:
            return
        if not flush:
            self._clear()
        # int: Daphne refuses a code of any other type, and the socket would stay open
        message = {"type": "websocket.close", "code": int(code), "reason": reason}
        farewell = Frames([message], 0, b"")
        if self._task is None:
            self._write(farewell)
        else:
            self._keep(farewell)
            asyncio.get_running_loop().call_later(CLOSE_TIMEOUT, self._close_now, farewell)
        self._end()

    def discard(self) -> None:
        """Send nothing more: the socket is gone."""
        self._end()
        self._clear()
        if self._task is not None:
            self._task.cancel()

    def _open(self, is_open: bool) -> None:
        """Take note of whether the server takes bytes now."""
        self._is_open = is_open
        self._choose()

    def _end(self) -> None:
        self._closing = True
        self._choose()

    def _choose(self) -> None:
        may = self._is_open and self._task is None and not self._closing
        self.direct = self._server_write if may else None

    def _close_now(self, farewell: Frames) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None
            self._clear()
            self._write(farewell)

    def _write(self, frames: Frames) -> None:
        """Run each send up to its first wait.

        While the socket keeps up there is none, so no task and no turn of the event loop is spent.
        """
        for position, message in enumerate(frames.messages):
            sending = self._send(message)
            try:
                waiting_for = sending.send(None)
            except StopIteration:
                continue
            except Exception:  # any error of the server means that the socket is gone
                logger.debug("socket lost while sending", exc_info=True)
                self._end()
                return
            self._keep(frames._replace(messages=frames.messages[position + 1 :]))
            self._task = asyncio.create_task(self._drain(_resumed(sending, waiting_for)))
            self._choose()
            return

    def _keep(self, frames: Frames) -> None:
        if self._queue is None:
            self._queue = deque()
        self._queue.append(frames)
        self._size += frames.size

    async def _drain(self, sending: Awaitable[None]) -> None:
        try:
            await sending
            while self._queue:
                frames = self._queue.popleft()
                self._size -= frames.size
                for message in frames.messages:
                    await self._send(message)
        except Exception:  # as above
            logger.debug("socket lost while sending", exc_info=True)
            self._end()
            self._clear()
        finally:
            if self._task is asyncio.current_task():
                self._queue = self._task = None
                self._choose()


@types.coroutine
def _resumed(sending: Coroutine[Any, Any, None], waiting_for: Any) -> Generator[Any, Any, None]:
    """Go on with a coroutine that was run by hand up to its first wait."""
    try:
        while True:
            try:
                result = yield waiting_for
            except BaseException as error:  # also that it is cancelled: it is the coroutine's
                waiting_for = sending.throw(error)
            else:
                waiting_for = sending.send(result)
    except StopIteration:
        return
