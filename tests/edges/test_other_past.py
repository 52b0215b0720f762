"""A position of another past, or one that the ledger has lost, is never continued."""

import gc
from typing import Any
from weakref import ref

import httpx
import pytest

from canvas.models import Canvas
from canvas.pod.pod import Pod
from canvas.services import renew_epoch
from runtime.threads import in_database
from tests.canvas.helpers import drawn, eventually, order
from tests.edges.conftest import Connect


async def epoch_of(http: httpx.AsyncClient) -> int:
    epoch: int = (await http.get("/api/canvas")).json()["epoch"]
    return epoch


async def test_the_same_past_is_continued(
    connect: Connect, http: httpx.AsyncClient, pod: Pod
) -> None:
    await drawn(order(1), order(2), order(3))
    socket = await connect(f"/ws/?since=1&epoch={await epoch_of(http)}")
    assert (await socket.next("hello"))["seq"] == 3
    assert [(await socket.next("pixel_updated"))["seq"] for _ in range(2)] == [2, 3]


async def test_another_past_gets_a_resync_and_no_error(
    connect: Connect, http: httpx.AsyncClient, pod: Pod
) -> None:
    """The database was restored: seq 2 means another pixel now."""
    await drawn(order(1), order(2), order(3))
    former = await epoch_of(http)
    await in_database(renew_epoch, "main")
    await pod.relay.check()
    socket = await connect(f"/ws/?since=2&epoch={former}")
    hello = await socket.next("hello")
    assert (hello["seq"], hello["epoch"] == former) == (3, False)
    assert await socket.next("resync", "error", "pixel_updated") == {"type": "resync", "seq": 3}


async def test_a_position_ahead_of_the_ledger_gets_a_resync_and_no_error(
    connect: Connect, http: httpx.AsyncClient, pod: Pod
) -> None:
    await drawn(order(1), order(2))
    socket = await connect(f"/ws/?since=20&epoch={await epoch_of(http)}")
    await socket.next("hello")
    assert await socket.next("resync", "error") == {"type": "resync", "seq": 2}
    await drawn(order(3))
    await pod.relay.catch_up(pod.relay.current("main"))
    assert (await socket.next("pixel_updated"))["seq"] == 3, "the socket goes on"


async def test_without_an_epoch_a_position_ahead_is_an_error_as_before(
    connect: Connect, pod: Pod
) -> None:
    socket = await connect("/ws/?since=20")
    await socket.next("hello")
    assert (await socket.next("error"))["code"] == "since_ahead"


@pytest.mark.parametrize("epoch", ["", "x", "-1", "1.5", "9" * 40])
async def test_an_epoch_that_is_none_is_named(connect: Connect, pod: Pod, epoch: str) -> None:
    socket = await connect(f"/ws/?since=0&epoch={epoch}")
    await socket.next("hello")
    assert (await socket.next("error"))["code"] == "epoch_invalid"


async def test_changes_of_another_past_are_refused(http: httpx.AsyncClient, main: Canvas) -> None:
    await drawn(order(1), order(2))
    former = await epoch_of(http)
    await in_database(renew_epoch, "main")

    async def changes(epoch: object) -> tuple[int, Any]:
        answer = await http.get(f"/api/canvas/changes?since=1&epoch={epoch}")
        return answer.status_code, answer.json()

    status, body = await changes(former)
    assert (status, body["code"], body["field"]) == (409, "epoch_changed", "epoch")
    status, body = await changes(await epoch_of(http))
    assert (status, [each["seq"] for each in body["placements"]]) == (200, [2])
    assert (await changes("x"))[1]["code"] == "epoch_invalid"


async def test_a_socket_does_not_keep_the_stream_of_a_former_board(
    connect: Connect, pod: Pod
) -> None:
    """Pongs and positions are those of the board as it is now."""
    await drawn(order(1), order(2))
    socket = await connect()
    await socket.next("hello")
    former = ref(pod.relay.current("main"))
    await in_database(renew_epoch, "main")
    await pod.relay.check()
    await eventually(lambda: pod.relay.current("main") is not former())
    await drawn(order(3))
    await pod.relay.catch_up(pod.relay.current("main"))
    await socket.send({"type": "ping"})
    assert (await socket.next("pong"))["seq"] == 3
    gc.collect()
    assert former() is None, "its memory is free"
