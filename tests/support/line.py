"""The passing on of TCP connections to a server, which can be cut or fall silent."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from enum import Enum, auto

CHUNK = 65536  # bytes
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Mode(Enum):
    """The way of a line with connections that are made from now on."""

    SERVE = auto()
    CUT = auto()  # they are closed
    SILENCE = auto()  # bytes are taken, and none is passed on


class Exchange:
    """Serves connections by others to the server that `connect` leads to.

    With `hangs_up` the server sees the end of a connection that falls silent; else it hears
    nothing any more, either.
    """

    def __init__(self, connect: Callable[[], Awaitable[Streams]], *, hangs_up: bool) -> None:
        self.mode = Mode.SERVE
        self._hangs_up = hangs_up
        self._connect = connect
        self._writers: set[asyncio.StreamWriter] = set()
        self._passing: set[asyncio.Task[None]] = set()

    def cut(self) -> None:
        """Close all connections, and those that are made from now on."""
        self.mode = Mode.CUT
        for writer in self._writers:
            writer.transport.abort()

    def fall_silent(self) -> None:
        """Speak on no connection any more, nor on those that are made from now on."""
        self.mode = Mode.SILENCE
        self.lose()

    def mend(self) -> None:
        """Serve those who connect from now on. Silent connections stay so."""
        self.mode = Mode.SERVE

    def lose(self) -> None:
        """Speak no more on the connections that there are: they neither end nor speak again."""
        for task in self._passing:
            task.cancel()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            if self.mode is Mode.SILENCE:
                await _swallow(reader)
            elif self.mode is Mode.SERVE:
                await self._pass_on(reader, writer)
        finally:
            self._writers.discard(writer)
            writer.transport.abort()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await self._connect()
        except OSError:
            return
        passing = {
            asyncio.ensure_future(_pass(reader, far_writer)),
            asyncio.ensure_future(_pass(far_reader, writer)),
        }
        self._passing |= passing
        try:
            await asyncio.wait(passing, return_when=asyncio.FIRST_COMPLETED)
            if any(task.cancelled() for task in passing):
                if self._hangs_up:
                    far_writer.transport.abort()
                await _swallow(reader)
        finally:
            self._passing -= passing
            far_writer.transport.abort()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()


async def _swallow(reader: asyncio.StreamReader) -> None:
    with suppress(OSError):
        while await reader.read(CHUNK):
            pass
