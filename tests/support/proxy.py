"""A TCP proxy in front of Redis that can drop messages, or all connections."""

import asyncio
from contextlib import suppress
from typing import Self

from tests.support.processes import free_port

MESSAGE = b"*3\r\n$7\r\nmessage\r\n$13\r\npixel-updates\r\n"


class RedisProxy:
    """A proxy that passes bytes on.

    With `drop_every` n it drops each n-th message of `pixel-updates`. `cut` closes all
    connections, and new ones are closed at once until `mend`.
    """

    def __init__(self, port: int, drop_every: int = 0) -> None:
        self.port = free_port()
        self.dropped = 0
        self._target = port
        self._drop_every = drop_every
        self._messages = 0
        self._is_cut = False
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        return self

    async def __aexit__(self, *raised: object) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def cut(self) -> None:
        self._is_cut = True
        for writer in self._writers:
            writer.close()

    def mend(self) -> None:
        self._is_cut = False

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            writer.close()
            return
        with suppress(OSError):
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
            self._writers |= {writer, far_writer}
            with suppress(OSError):
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(self._pass_on(reader, far_writer))
                    tasks.create_task(self._pass_replies(far_reader, writer))
            self._writers -= {writer, far_writer}

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.close()

    async def _pass_replies(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Pass the replies on without the dropped messages.

        A message that is cut by the end of the buffer waits for its rest.
        """
        held = b""
        while data := await reader.read(65536):
            passed, held = self._sift(held + data)
            writer.write(passed)
            await writer.drain()
        writer.close()

    def _sift(self, data: bytes) -> tuple[bytes, bytes]:
        if not self._drop_every:
            return data, b""
        passed = b""
        while (start := data.find(MESSAGE)) >= 0:
            header, _, rest = data[start + len(MESSAGE) :].partition(b"\r\n")
            size = int(header[1:] or 0) + 2 if header.startswith(b"$") else 0
            if not size or len(rest) < size:
                return passed + data[:start], data[start:]
            end = len(data) - len(rest) + size
            self._messages += 1
            lost = self._messages % self._drop_every == 0
            self.dropped += lost
            passed += data[:start] if lost else data[:end]
            data = data[end:]
        return passed + data, b""
