"""The connection of one WebSocket: a server's side as ASGI has it, and a client's side."""

import asyncio
import random
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from canvas.protocol.frames import TEXT
from simulation.loop import Machine, VirtualLoop

HIGH, LOW = 16_384, 4_096  # bytes under way; over the first the server waits, until the second
LOST = 1006


class Arrival(NamedTuple):
    """A message for the client: its text, its bytes, or the code of a close."""

    text: str | None = None
    data: bytes | None = None
    code: int | None = None
    size: int = 0


class Wire:
    """A connection with a delay each way, in order. The client may stop reading."""

    def __init__(
        self,
        loop: VirtualLoop,
        machine: Machine,
        chance: random.Random,
        on_arrival: Callable[["Wire", Arrival], None],
    ) -> None:
        self.machine = machine
        self.is_open = True
        self._loop = loop
        self._chance = chance
        self._delay = chance.uniform(0.002, 0.08)
        self._on_arrival = on_arrival
        self._up: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue()
        self._up_at = self._down_at = 0.0
        self._under_way = 0
        self._unread: deque[Arrival] | None = None  # while the client does not read
        self._room = asyncio.Event()
        self._room.set()
        self._on_writable: Callable[[bool], None] | None = None
        self._up.put_nowait({"type": "websocket.connect"})

    # --- the server's side

    async def receive(self) -> Mapping[str, Any]:
        return await self._up.get()

    async def send(self, message: Mapping[str, Any]) -> None:
        if not self.is_open:
            raise OSError("the connection is lost")
        if message["type"] == "websocket.close":
            self._put(Arrival(code=message["code"]))
        elif message["type"] == "websocket.send":
            await self._room.wait()
            text, data = message.get("text"), message.get("bytes")
            self._put(Arrival(text, data, size=len(text or data or "")))

    def write(self, data: bytes) -> None:
        """Take whole frames."""
        for arrival in read_frames(data):
            self._put(arrival)

    def watch(self, on_writable: Callable[[bool], None]) -> None:
        self._on_writable = on_writable
        on_writable(self.is_open)

    def _put(self, arrival: Arrival) -> None:
        self._under_way += arrival.size
        if self._under_way > HIGH and self._room.is_set():
            self._set_writable(False)
        self._down_at = max(self._down_at + 1e-6, self._loop.time() + self._later())
        self._loop.call_at(self._down_at, self._arrive, arrival, context=self._loop.outside)

    def _set_writable(self, is_writable: bool) -> None:
        (self._room.set if is_writable else self._room.clear)()
        if self._on_writable is None:
            return
        if is_writable:
            self.machine.call(self._on_writable, self.is_open)
        else:
            self._on_writable(False)  # it is told within its own call of `write`

    # --- the client's side

    def say(self, text: str) -> None:
        self._send_up({"type": "websocket.receive", "text": text})

    def _send_up(self, message: Mapping[str, Any]) -> None:
        self._up_at = max(self._up_at + 1e-6, self._loop.time() + self._later())
        context = self._loop.outside
        self._loop.call_at(self._up_at, self._up.put_nowait, message, context=context)

    def stop_reading(self) -> None:
        self._unread = self._unread or deque()

    def go_on_reading(self) -> None:
        unread, self._unread = self._unread, None
        for arrival in unread or ():
            self._arrive(arrival)

    @property
    def is_read(self) -> bool:
        return self._unread is None

    def _arrive(self, arrival: Arrival) -> None:
        if not self.is_open:
            return
        if self._unread is not None:
            self._unread.append(arrival)
            return
        self._under_way -= arrival.size
        if self._under_way < LOW and not self._room.is_set():
            self._set_writable(True)
        if arrival.code is not None:
            self.close()
        self._on_arrival(self, arrival)

    def close(self) -> None:
        """End the connection from the client's side."""
        if self.is_open:
            self.is_open = False
            self._room.set()
            if self._on_writable is not None:
                self.machine.call(self._on_writable, False)
            self._send_up({"type": "websocket.disconnect", "code": LOST})

    def break_off(self) -> None:
        """Lose the connection: both sides notice."""
        if self.is_open:
            self.close()
            lost, context = Arrival(code=LOST), self._loop.outside
            self._loop.call_later(self._later(), self._on_arrival, self, lost, context=context)

    def _later(self) -> float:
        return self._delay * self._chance.uniform(0.5, 1.5)


def read_frames(data: bytes) -> Iterator[Arrival]:
    """Yield the messages of a server's frames (RFC 6455)."""
    while data:
        kind, size, start = data[0], data[1], 2
        if size >= 126:
            start = 4 if size == 126 else 10
            size = int.from_bytes(data[2:start], "big")
        payload, data = data[start : start + size], data[start + size :]
        if kind == TEXT:
            yield Arrival(text=payload.decode(), size=size)
        else:
            yield Arrival(data=payload, size=size)
