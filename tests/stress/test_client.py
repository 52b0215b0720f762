"""The stress's own client notices what a pod sends wrongly, and exceptions of its own."""

import asyncio
from typing import Any
from unittest.mock import Mock

import pytest

from bench.load import frames
from canvas.domain.pixel import Pixel
from canvas.protocol.frames import encode_pixels
from stress.checker import Kind, Ledger, judge
from stress.checker import Pixel as Asked
from stress.client import Client
from stress.crowd import Crowd
from stress.drawer import FINAL, LATER, Ask, Drawer
from stress.load import Load
from stress.site import SIDE

SEQ = 5
PIXELS = [Pixel(seq, seq, 0, seq, "", 0) for seq in range(SEQ + 1, SEQ + 9)]


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


def test_one_that_was_too_slow_has_no_position_until_it_has_a_board(
    crowd: Crowd, client: Client
) -> None:
    client.forget_board()
    found = judge(crowd.seen(1), Ledger(SIDE, SEQ, bytes(SIDE * SIDE), []))
    assert [each.what for each in found] == [f"client 1 is at -1, and the ledger at {SEQ}"]


async def test_one_whose_connection_ends_while_it_loads_another_past_keeps_no_old_board(
    client: Client,
) -> None:
    client._event({"type": "hello", "epoch": 2, "palette": []})
    client.hang_up()
    assert (client.board, client.seq) == (None, -1)


# --- answers to one who draws


@pytest.fixture
def drawer(crowd: Crowd, client: Client) -> Drawer:
    """One that has asked for a pixel, under the id `a`."""
    crowd.site.pods = [Mock(port=client.port)]
    drawer = Drawer(crowd, client, "guest:1", 1, 5.0)
    drawer.asks["a"] = Ask(Asked(1, 2, 3), 0.0)
    return drawer


def error(code: str) -> dict[str, Any]:
    return {"type": "error", "id": "a", "code": code, "detail": "No."}


@pytest.mark.parametrize("code", ["cooldown", "banned", "canvas_frozen", "id_reused"])
def test_an_error_that_nothing_explains_is_noticed(crowd: Crowd, drawer: Drawer, code: str) -> None:
    drawer.refused(error(code))
    assert noticed(crowd) == [Kind.UNEXPECTED]
    assert not drawer.asks


async def test_flooding_and_a_pixel_of_the_same_colour_are_part_of_it(
    crowd: Crowd, drawer: Drawer
) -> None:
    assert ("flooding" in LATER, FINAL) == (True, ("no_change",))
    drawer.refused(error("flooding"))
    assert drawer.asks
    drawer.refused(error("no_change"))
    assert not drawer.asks
    assert noticed(crowd) == []


@pytest.mark.parametrize("doubted", [0.0, 1.0])
async def test_acks_are_counted(
    crowd: Crowd, drawer: Drawer, doubted: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stress.drawer.DOUBTED", doubted)  # the chance that it asks once more
    drawer.client.palette = ["#FFFFFF", "#000000", "#FF0000", "#00FF00"]
    ack = {"id": "a", "seq": SEQ + 1, "x": 1, "y": 2, "color": "#00FF00"}
    drawer.acked(ack)
    assert crowd.observed.drawn == 1


# --- exceptions of the stress itself


async def fail() -> None:
    raise KeyError("seq")


def broken(crowd: Crowd) -> list[str]:
    return [each.what for each in crowd.seen(1).noticed if each.kind is Kind.BROKEN]


async def test_work_that_an_exception_ends_is_a_violation_once(crowd: Crowd) -> None:
    crowd.begin(fail(), asyncio.sleep(60))
    await asyncio.sleep(0.01)
    crowd.begin_round()
    assert broken(crowd) == ["KeyError('seq')"]
    crowd.begin_round()
    assert broken(crowd) == []
    await crowd.go()  # what is cancelled is no violation


async def test_an_exception_that_no_round_has_reported_ends_the_run(crowd: Crowd) -> None:
    crowd.begin(fail())
    await asyncio.sleep(0.01)
    with pytest.raises(RuntimeError, match="KeyError"):
        await crowd.go()


async def test_an_exception_in_hearing_is_a_violation(crowd: Crowd, client: Client) -> None:
    crowd.site.load = Load(pods=0, sockets=0, rate=0.0, rounds=0)
    await crowd.come()
    asyncio.get_running_loop().call_soon(hear, client, [])
    await asyncio.sleep(0.01)
    assert broken(crowd) == ["IndexError('list index out of range')"]
