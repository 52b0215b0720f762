"""A link to PostgreSQL with a delay, which counts the turns: a far database on this machine."""

import socket
import threading
import time
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Self

from tests.support.processes import free_port

CHUNK = 65536


class SlowLink:
    """Passes bytes on to the Unix socket of a PostgreSQL, its replies `delay` seconds later.

    `turns` counts how often the client spoke after it had been answered: the round trips.
    """

    def __init__(self, directory: str, delay: float) -> None:
        self.port = free_port()
        self.delay = delay
        self.turns = 0
        self._target = str(next(Path(directory).glob(".s.PGSQL.*[0-9]")))
        self._listener = socket.create_server(("127.0.0.1", self.port))

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self._listener.accept()
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._target)
                _Pair(self, client, server)


class _Pair:
    """One connection over the link."""

    def __init__(self, link: SlowLink, client: socket.socket, server: socket.socket) -> None:
        self._link = link
        self._client = client
        self._server = server
        self._answered = True
        self._replies = SimpleQueue[tuple[float, bytes]]()
        for work in (self._ask, self._listen, self._answer):
            threading.Thread(target=work, daemon=True).start()

    def _ask(self) -> None:
        with suppress(OSError):
            while data := self._client.recv(CHUNK):
                self._link.turns += self._answered
                self._answered = False
                self._server.sendall(data)
            self._server.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while data := self._server.recv(CHUNK):
                self._replies.put((time.monotonic() + self._link.delay, data))
        self._replies.put((0, b""))

    def _answer(self) -> None:
        with suppress(OSError):
            while (reply := self._replies.get())[1]:
                time.sleep(max(0, reply[0] - time.monotonic()))
                self._answered = True
                self._client.sendall(reply[1])
            self._client.close()
