"""Clients that take little or nothing of what a pod sends them, or never answer."""

import asyncio
import socket
from contextlib import AsyncExitStack, suppress
from typing import Self

from runtime.tasks import end
from tests.support.handshake import upgrade

KINDS = ["reads nothing", "reads a byte a second", "never pongs", "has closed its side"]
RECEIVE_BUFFER = 4096  # bytes in the client's kernel
TURN = 0.25  # seconds between two readings


class SlowCrowd:
    """Clients of each kind, as many of one as of another."""

    def __init__(self, port: int, each: int) -> None:
        self._port = port
        self._each = each
        self._sockets: dict[str, list[socket.socket]] = {kind: [] for kind in KINDS}
        self._running = AsyncExitStack()

    async def __aenter__(self) -> Self:
        for kind in KINDS:
            for _ in range(self._each):
                self._sockets[kind].append(await self._join(kind))
        behaving = asyncio.create_task(self._behave())
        self._running.push_async_callback(end, behaving)
        return self

    async def __aexit__(self, *raised: object) -> None:
        await self._running.aclose()
        for connections in self._sockets.values():
            for connection in connections:
                connection.close()

    def __len__(self) -> int:
        return self._each * len(KINDS)

    async def _join(self, kind: str) -> socket.socket:
        loop = asyncio.get_running_loop()
        connection = socket.socket()
        connection.setblocking(False)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        await loop.sock_connect(connection, ("127.0.0.1", self._port))
        await loop.sock_sendall(connection, upgrade(("127.0.0.1", self._port), "/ws/"))
        answer = await loop.sock_recv(connection, 64)
        assert answer.startswith(b"HTTP/1.1 101"), answer
        if kind == "has closed its side":
            connection.shutdown(socket.SHUT_WR)
        return connection

    async def _behave(self) -> None:
        turn = 0
        while True:
            await asyncio.sleep(TURN)
            turn += 1
            if turn % int(1 / TURN) == 0:
                self._read("reads a byte a second", 1)
            self._read("never pongs", 2**16)
            self._read("has closed its side", 2**16)

    def _read(self, kind: str, size: int) -> None:
        for connection in self._sockets[kind]:
            with suppress(BlockingIOError, ConnectionError):
                connection.recv(size)
