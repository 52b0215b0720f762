"""A TCP line to a server, as a process of its own, that can be cut or fall silent.

As a program (`python -m stress.line FOLDER`) it passes bytes on between a port and a server. The
files `port` and `target` of the folder name both. The signals are CUT, SILENCE and MEND.
"""

import asyncio
import signal
import sys
from contextlib import suppress
from pathlib import Path

import uvloop

from tests.support.ports import listens
from tests.support.processes import Process, free_port

CUT = signal.SIGUSR1
SILENCE = signal.SIGUSR2
MEND = signal.SIGHUP
CHUNK = 65536  # bytes


class Line(Process):
    """A line from a port of its own to a socket file, or to a port of this machine."""

    def __init__(self, target: str) -> None:
        super().__init__("line", [sys.executable, "-m", "stress.line"])
        self.port = free_port()
        self.command.append(str(self.directory))
        (self.directory / "port").write_text(str(self.port))
        self.lead_to(target)

    def ready(self) -> bool:
        return listens(self.port)

    def lead_to(self, target: str) -> None:
        """Lead those who connect from now on to another server."""
        (self.directory / "target").write_text(target)

    def cut(self) -> None:
        """Close all connections, and those that are made from now on."""
        self._send(CUT)

    def fall_silent(self) -> None:
        """Take bytes, and pass none on: connections neither end nor speak again."""
        self._send(SILENCE)

    def mend(self) -> None:
        """Serve those who connect from now on. Silent connections stay so."""
        self._send(MEND)


class _Exchange:
    """The program's side of a line."""

    def __init__(self, folder: Path) -> None:
        self._target = folder / "target"
        self._mode = MEND
        self._writers: set[asyncio.StreamWriter] = set()
        self._passing: set[asyncio.Task[None]] = set()

    def set(self, mode: signal.Signals) -> None:
        self._mode = mode
        if mode == CUT:
            for writer in self._writers:
                writer.transport.abort()
        if mode == SILENCE:
            for task in self._passing:
                task.cancel()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            if self._mode == SILENCE:
                await _swallow(reader)
            elif self._mode == MEND:
                await self._pass_on(reader, writer)
        finally:
            self._writers.discard(writer)
            writer.transport.abort()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await _connect(self._target.read_text())
        except OSError:
            return
        passing = {
            asyncio.ensure_future(_pass(reader, far_writer)),
            asyncio.ensure_future(_pass(far_reader, writer)),
        }
        self._passing |= passing
        try:
            await asyncio.wait(passing, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._passing -= passing
        was_silenced = any(task.cancelled() for task in passing)
        if was_silenced:
            await _swallow(reader)
        far_writer.transport.abort()


async def _connect(target: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if target.isdecimal():
        return await asyncio.open_connection("127.0.0.1", int(target))
    return await asyncio.open_unix_connection(target)


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()


async def _swallow(reader: asyncio.StreamReader) -> None:
    with suppress(OSError):
        while await reader.read(CHUNK):
            pass


async def main(folder: Path) -> None:
    exchange = _Exchange(folder)
    for each in (CUT, SILENCE, MEND):
        asyncio.get_running_loop().add_signal_handler(each, exchange.set, each)
    port = int((folder / "port").read_text())
    server = await asyncio.start_server(exchange.serve, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(Path(sys.argv[1])))
