"""Boards on the way to clients that do not read: how much memory they may hold."""

import asyncio
import socket
from contextlib import ExitStack
from functools import partial
from typing import Any

import httpx
import pytest

from canvas import metrics
from canvas.http import board_fast_path, transfers
from canvas.http.transfers import Transfers
from canvas.models import Canvas
from canvas.services import configure
from tests.canvas.helpers import PALETTE, in_thread
from tests.support.uvicorn_server import serving

MEGABYTE = 2**20
SIDE = 4096
REQUEST = b"GET /api/canvas/board HTTP/1.1\r\nHost: localhost\r\n\r\n"


def test_the_oldest_body_goes_with_all_its_downloads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfers, "MAX_HELD", 250)
    under_way = Transfers()
    cut: list[str] = []
    bodies = [bytes(100), bytes(100), bytes(100)]
    with ExitStack() as stack:
        for name, body in zip("abcd", [bodies[0], bodies[0], bodies[1], bodies[2]], strict=True):
            stack.enter_context(under_way.sending(body, partial(cut.append, name)))
        assert cut == ["a", "b"]
        assert under_way.held == 200
    assert under_way.held == 0


def test_a_body_that_many_fetch_counts_once() -> None:
    under_way, body = Transfers(), bytes(transfers.MAX_HELD // 2)
    with ExitStack() as stack:
        for _ in range(100):
            stack.enter_context(under_way.sending(body, pytest.fail))
        assert under_way.held == len(body)


async def start_to_fetch(port: int) -> socket.socket:
    """Ask for the board and read nothing of it."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    client.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(client, ("127.0.0.1", port))
    await loop.sock_sendall(client, REQUEST)
    return client


@pytest.mark.slow
async def test_clients_that_do_not_read_hold_a_bounded_number_of_boards(
    http: httpx.AsyncClient, main: Canvas, application: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfers, "MAX_HELD", 40 * MEGABYTE)
    await in_thread(configure)("main", {"width": SIDE, "height": SIDE})
    under_way = board_fast_path.transfers
    before = metrics.cut.labels("old_board")._value.get()
    with ExitStack() as stack:
        async with serving(application) as port, asyncio.timeout(60):
            clients = []
            for x in range(4):
                clients.append(stack.enter_context(await start_to_fetch(port)))
                while len(under_way._downloads) <= min(x, 1):  # noqa: ASYNC110 - nobody tells
                    await asyncio.sleep(0.05)
                pixel = {"x": x, "y": 0, "color": PALETTE[1]}
                assert (await http.put("/api/pixel", json=pixel)).status_code == 200
            while metrics.cut.labels("old_board")._value.get() < before + 2:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            assert under_way.held <= 40 * MEGABYTE
            loop = asyncio.get_running_loop()
            with pytest.raises(ConnectionResetError):
                while await loop.sock_recv(clients[0], MEGABYTE):
                    pass
            assert await loop.sock_recv(clients[3], 12) == b"HTTP/1.1 200"
