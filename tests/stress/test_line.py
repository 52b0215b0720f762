"""A line passes bytes on, ends connections, falls silent, and leads to another server."""

import socket
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from stress.line import Line
from tests.support.ports import listens
from tests.support.redis import RedisServer

pytestmark = pytest.mark.redis

PATIENCE = 10.0  # seconds
SILENCE = 0.5  # seconds without an answer


@pytest.fixture
def server() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


@pytest.fixture
def line(server: RedisServer) -> Iterator[Line]:
    with Line(str(server.port)) as line:
        yield line


def connect(line: Line) -> socket.socket:
    return socket.create_connection(("127.0.0.1", line.port), PATIENCE)


def ask(connection: socket.socket, seconds: float = PATIENCE) -> bytes:
    """Return Redis' answer, empty where the connection has ended; raise TimeoutError without."""
    connection.settimeout(seconds)
    try:
        connection.sendall(b"PING\r\n")
        return connection.recv(64)
    except (ConnectionResetError, BrokenPipeError):
        return b""


def answers(line: Line) -> bool:
    with connect(line) as connection, suppress(TimeoutError):
        return ask(connection, SILENCE) == b"+PONG\r\n"
    return False


def until(line: Line, expected: bool) -> None:
    deadline = time.monotonic() + PATIENCE
    while answers(line) is not expected:
        assert time.monotonic() < deadline


def test_a_cut_ends_what_there_is_and_what_comes(line: Line) -> None:
    with connect(line) as connection:
        assert ask(connection) == b"+PONG\r\n"
        line.cut()
        until(line, False)
        assert ask(connection) == b""
    line.mend()
    until(line, True)


def test_a_silent_connection_neither_ends_nor_speaks_again(line: Line) -> None:
    with connect(line) as connection:
        assert ask(connection) == b"+PONG\r\n"
        line.fall_silent()
        until(line, False)
        line.mend()
        until(line, True)
        with pytest.raises(TimeoutError):
            ask(connection, SILENCE)


def test_it_leads_to_another_server(line: Line, server: RedisServer) -> None:
    with RedisServer() as other:
        server.stop()
        assert not listens(server.port)
        until(line, False)
        line.lead_to(str(other.port))
        until(line, True)
