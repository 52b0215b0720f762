"""Behind a real nginx and a real HAProxy: whose address counts, and what does not get through."""

import asyncio
import http.client
import json
from collections.abc import Iterator
from contextlib import ExitStack, closing
from itertools import count
from socket import create_connection

import pytest

from canvas.domain.palette import DEFAULT_PALETTE
from tests.pods.conftest import StartPods
from tests.support.handshake import upgrade
from tests.support.proxies import Proxy
from tests.support.raw_websocket import CLOSE, PING, RawWebSocket, frame

pytestmark = pytest.mark.pods

columns = count()  # each pixel goes to a cell of its own: drawing the same again is refused
# The quotation is open: read from the left, what a proxy appends would be a part of it.
FORGED = {"X-Forwarded-For": "203.0.113.9", "Forwarded": 'for=203.0.113.9;x="'}
WITH_PORT = '"$http_x_forwarded_for, $remote_addr:$remote_port"'
WAYS = [
    ("nginx", "X-Forwarded-For", ""),
    ("nginx", "X-Forwarded-For", WITH_PORT),
    ("nginx", "Forwarded", ""),
    ("haproxy", "X-Forwarded-For", ""),
    ("haproxy", "Forwarded", ""),
]


@pytest.fixture(params=WAYS, ids=lambda way: f"{way[0]} {way[1]} {'port' if way[2] else ''}")
def port(request: pytest.FixtureRequest, start_pods: StartPods) -> Iterator[int]:
    """The port of a proxy with one pod behind it, which lets each address do everything once."""
    name, header, value = request.param
    (pod,) = start_pods(
        1,
        TRUSTED_PROXIES="1",
        PROXY_HEADER=header,
        GUESTS_ALLOWED="1",
        HTTPS_ONLY="0",
        LIMIT_PLACES_PER_MINUTE="1",
        LIMIT_SOCKETS_PER_ADDRESS="1",
    )
    with ExitStack() as running:
        yield running.enter_context(Proxy(name, pod.port, header, value)).port


def place(port: int, source: str) -> int:
    """Place a pixel from one of the machine's own addresses; return the status."""
    pixel = json.dumps({"x": next(columns), "y": 2, "color": DEFAULT_PALETTE[5]})
    connection = http.client.HTTPConnection("127.0.0.1", port, source_address=(source, 0))
    with closing(connection):
        connection.request("PUT", "/api/pixel", pixel, {"Host": "localhost", **FORGED})
        return connection.getresponse().status


async def join(port: int, source: str, stack: ExitStack) -> int | None:
    """Open a socket from that address; return its close code, None while open."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0))
    stack.callback(lambda: writer.transport.abort())  # keeps the writer, which else closes
    headers = "\r\n".join(f"{name}: {value}" for name, value in FORGED.items())
    writer.write(upgrade(("localhost", port), "/ws/", "", headers))
    await reader.readuntil(b"\r\n\r\n")
    socket = RawWebSocket(reader, writer)
    while (received := await socket.next())[0] != CLOSE:
        if b'"hello"' in received[1]:
            return None
    return int.from_bytes(received[1][:2], "big")


def place_with_trailers(port: int, trailers: str) -> int:
    """Place a pixel by a chunked request whose body has trailers; return the status."""
    pixel = json.dumps({"x": next(columns), "y": 2, "color": DEFAULT_PALETTE[5]})
    head = "PUT /api/pixel HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    body = f"{len(pixel):x}\r\n{pixel}\r\n0\r\n{trailers}\r\n"
    with create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall((head + body).encode())
        response = http.client.HTTPResponse(connection)
        response.begin()
        return response.status


def test_a_trailer_forges_no_address(port: int) -> None:
    """HAProxy hands trailers on, and puts no address of its own there."""
    forged = [f"X-Forwarded-For: 203.0.113.{n}\r\nForwarded: for=203.0.113.{n}\r\n" for n in (1, 2)]
    assert [place_with_trailers(port, each) for each in ("", *forged)] == [200, 429, 429]


def test_the_client_s_own_address_counts_for_http_and_websocket(port: int) -> None:
    assert [place(port, source) for source in ("127.0.0.5", "127.0.0.5", "127.0.0.6")] == [
        200,
        429,
        200,
    ]

    async def scenario() -> None:
        with ExitStack() as stack:
            codes = [await join(port, f"127.0.0.{n}", stack) for n in (5, 5, 6)]
            assert codes == [None, 4429, None]

    asyncio.run(scenario())


@pytest.fixture
def nginx(start_pods: StartPods) -> Iterator[int]:
    (pod,) = start_pods(1, TRUSTED_PROXIES="1", HTTPS_ONLY="0")
    with Proxy("nginx", pod.port, "X-Forwarded-For") as proxy:
        yield proxy.port


def test_a_flood_through_a_proxy_is_closed_by_name(nginx: int) -> None:
    async def scenario() -> None:
        async with RawWebSocket.connect(nginx, "/ws/") as socket:
            socket.send(frame(PING, b"x" * 125) * 50_000)
            assert await socket.close_code() == 4429

    asyncio.run(scenario())


def test_what_is_too_large_is_told_through_a_proxy(nginx: int) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", nginx, timeout=20)) as connection:
        connection.request("PUT", "/api/pixel", b" " * 500_000, {"Host": "localhost"})
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())["code"]) == (413, "message_too_large")
        connection.request("PUT", "/api/pixel", iter([b"{", b"}"]), {"Host": "localhost"})
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())["code"]) == (400, "x_invalid")
