"""The stress's own client notices what a pod sends wrongly."""

from unittest.mock import Mock

import pytest

from bench.load import frames
from canvas.domain.pixel import Pixel
from canvas.protocol.frames import encode_pixels
from stress.checker import Kind
from stress.client import Client
from stress.crowd import Crowd
from stress.site import SIDE

SEQ = 5
PIXELS = [Pixel(seq, seq, 0, seq, "", 0) for seq in range(SEQ + 1, SEQ + 9)]


@pytest.fixture
def crowd() -> Crowd:
    return Crowd(Mock())


@pytest.fixture
def client(crowd: Crowd) -> Client:
    """A client that is connected and has the board of SEQ."""
    client = Client(crowd, 1)
    client.epoch, client.seq, client.board = 1, SEQ, bytearray(SIDE * SIDE)
    client._position, client._socket = SEQ, Mock()
    crowd.clients.append(client)
    return client


def hear(client: Client, pixels: list[Pixel]) -> None:
    assert client._socket is not None
    client._hear(client._socket, frames.BINARY, encode_pixels(pixels))


def noticed(crowd: Crowd) -> list[Kind]:
    return [violation.kind for violation in crowd.observed.noticed]


def test_pixels_in_order_are_drawn_once(crowd: Crowd, client: Client) -> None:
    hear(client, PIXELS[:3])
    hear(client, PIXELS[3:4])
    assert noticed(crowd) == []
    (held,) = crowd.seen(1).boards
    assert held.seq == SEQ + 4
    assert held.cells[SEQ + 1 : SEQ + 6] == bytes([6, 7, 8, 9, 0])


def test_a_hole_is_noticed(crowd: Crowd, client: Client) -> None:
    hear(client, PIXELS[:2])
    hear(client, PIXELS[3:])
    assert noticed(crowd) == [Kind.HOLE]


def test_a_doubling_is_noticed(crowd: Crowd, client: Client) -> None:
    hear(client, PIXELS[:2])
    hear(client, PIXELS[1:])
    assert noticed(crowd) == [Kind.DOUBLED]


def test_one_seq_as_two_pixels_is_noticed(crowd: Crowd, client: Client) -> None:
    hear(client, PIXELS[:2])
    other = Client(crowd, 2)
    other.epoch, other.seq, other._position, other._socket = 1, SEQ, SEQ, Mock()
    hear(other, [Pixel(SEQ + 1, 9, 9, 9, "", 0)])
    assert noticed(crowd) == [Kind.HOLE]


@pytest.mark.parametrize(("excused", "expected"), [(False, [Kind.REFUSED]), (True, [])])
def test_a_503_counts_unless_the_database_is_down(
    crowd: Crowd, excused: bool, expected: list[Kind]
) -> None:
    crowd.is_excused = excused
    crowd.refused("GET /api/canvas: 503")
    assert noticed(crowd) == expected
    assert crowd.excused == excused
