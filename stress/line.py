"""A TCP line to a server, as a process of its own, that can be cut or fall silent.

As a program (`python -m stress.line FOLDER`) it passes bytes on between a port and a server. The
files `port` and `target` of the folder name both. The signals are CUT, SILENCE and MEND.
"""

import asyncio
import signal
import sys
from pathlib import Path

import uvloop

from tests.support.line import Exchange, Streams
from tests.support.ports import listens
from tests.support.processes import Process, free_port

CUT = signal.SIGUSR1
SILENCE = signal.SIGUSR2
MEND = signal.SIGHUP


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


async def main(folder: Path) -> None:
    async def connect() -> Streams:
        target = (folder / "target").read_text()
        if target.isdecimal():
            return await asyncio.open_connection("127.0.0.1", int(target))
        return await asyncio.open_unix_connection(target)

    exchange = Exchange(connect, hangs_up=False)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(CUT, exchange.cut)
    loop.add_signal_handler(SILENCE, exchange.fall_silent)
    loop.add_signal_handler(MEND, exchange.mend)
    port = int((folder / "port").read_text())
    server = await asyncio.start_server(exchange.serve, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(Path(sys.argv[1])))
