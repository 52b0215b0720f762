"""The flow says what is missing, and counts what comes late."""

import asyncio
from unittest.mock import Mock

import pytest

from tests.hostile import flow as module
from tests.hostile.flow import Flow
from tests.support.sockets import Watcher

SECONDS = 0.01


@pytest.fixture
def socket() -> Watcher:
    return Watcher("ws://127.0.0.1:1/ws/", timed=True)


@pytest.fixture
def flow(socket: Watcher, monkeypatch: pytest.MonkeyPatch) -> Flow:
    monkeypatch.setattr(module, "ARRIVAL", 0.2)
    return Flow(Mock(), [socket])


async def send(flow: Flow, *ids: str, ago: float = 0.0) -> None:
    """Have these pixels sent a moment after the flow begins to count, or so long before that."""
    await asyncio.sleep(0)
    flow._sent_at |= dict.fromkeys(ids, asyncio.get_running_loop().time() - ago)


async def p99(flow: Flow, *ids: str, ago: float = 0.0) -> float:
    found, _ = await asyncio.gather(flow.p99(SECONDS), send(flow, *ids, ago=ago))
    return found


async def test_a_pixel_that_came_late_counts(flow: Flow, socket: Watcher) -> None:
    socket.events.append({"type": "ack", "id": "a", "seq": 1})
    socket.seen_at[1] = asyncio.get_running_loop().time()
    assert await p99(flow, "a", ago=5.0) >= 4.9


async def test_a_pixel_without_an_ack_is_told(flow: Flow, socket: Watcher) -> None:
    socket.events.append({"type": "ack", "id": "a", "seq": 1})
    socket.seen_at[1] = 0.0
    with pytest.raises(AssertionError, match="after 0.2 s 1 of 2 have no ack"):
        await p99(flow, "a", "b")


async def test_a_pixel_that_a_socket_lacks_is_told(flow: Flow, socket: Watcher) -> None:
    socket.events.append({"type": "ack", "id": "a", "seq": 1})
    with pytest.raises(AssertionError, match=r"sockets lack so many of 1: \[1\]"):
        await p99(flow, "a")


async def test_a_time_in_which_nobody_draws_is_told(flow: Flow) -> None:
    with pytest.raises(AssertionError, match="nobody drew"):
        await flow.p99(SECONDS)
