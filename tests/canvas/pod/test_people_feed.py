"""News of people: `stats` with each change, names as often as their bytes allow."""

import asyncio
from collections.abc import AsyncIterator, Callable
from itertools import pairwise
from typing import cast

import orjson
import pytest

from canvas.pod import people_feed
from canvas.pod.hub import Hub
from canvas.pod.people_feed import RATE, SAVED, PeopleFeed
from canvas.pod.stream import Stream
from canvas.protocol.events import Event, encode
from presence.crowd import LISTED, People
from tests.canvas.helpers import Recorder, eventually


class Loop:
    """An event loop's clock and timers, turned by the test."""

    def __init__(self) -> None:
        self.now = 0.0
        self._due: list[tuple[float, Callable[[], object]]] = []

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, callback: Callable[[], object]) -> None:
        self._due.append((when, callback))

    def turn(self, until: float) -> None:
        while self._due and min(self._due)[0] <= until:
            self.now, callback = self._due.pop(self._due.index(min(self._due)))
            callback()
        self.now = until


class Counting(Hub):
    """A hub that only counts the bytes which each of its sockets would get."""

    def __init__(self, loop: Loop) -> None:
        super().__init__()
        self.sent: list[tuple[float, str, int]] = []
        self._loop = loop

    def notify_all(self, event: Event) -> None:
        self.sent.append((self._loop.time(), event["type"], len(encode(event).encode()) + 4))


@pytest.fixture
async def feed(hub: Hub) -> AsyncIterator[PeopleFeed]:
    feed = PeopleFeed(hub, asyncio.get_running_loop())
    yield feed
    feed.stop()


def crowd(count: int, first: int = 0) -> People:
    return People(count, tuple(f"Guest-{first + number:08X}" for number in range(LISTED)))


async def joined(hub: Hub, stream: Stream) -> Recorder:
    recorder = Recorder()
    hub.join(stream, recorder.socket, stream.last)
    return recorder


async def test_a_few_people_are_listed_with_each_change(
    hub: Hub, stream: Stream, feed: PeopleFeed
) -> None:
    recorder = await joined(hub, stream)
    feed.tell(People(1, ("Alice",)))
    await eventually(lambda: recorder.types() == ["stats", "user_list"])
    feed.tell(People(2, ("Alice", "Bob")))
    await eventually(lambda: recorder.types()[2:] == ["stats", "user_list"])
    assert recorder.events[-1]["users"] == ["Alice", "Bob"]


async def test_a_crowd_is_counted_at_once_and_listed_later(
    hub: Hub, stream: Stream, feed: PeopleFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_feed, "RATE", 10_000.0)  # 0.4 s for a list
    recorder = await joined(hub, stream)
    started = asyncio.get_running_loop().time()
    for number in range(4):
        feed.tell(crowd(10_000 + number, first=number))
    await eventually(lambda: recorder.types().count("stats") == 4)
    assert recorder.types().count("user_list") == 1
    await eventually(lambda: recorder.types().count("user_list") == 2)
    passed = asyncio.get_running_loop().time() - started
    newest = recorder.events[-1]
    assert newest["total"] == 10_003
    assert newest["users"][0] == "Guest-00000003"
    assert passed >= len(orjson.dumps(newest)) / 10_000


async def test_a_new_socket_gets_the_newest_list(
    hub: Hub, stream: Stream, feed: PeopleFeed
) -> None:
    feed.tell(crowd(10_000))
    feed.tell(crowd(10_001, first=1))
    late = await joined(hub, stream)
    assert [event.get("total") for event in late.events] == [None, 10_001]


@pytest.mark.slow
async def test_a_list_that_says_nothing_new_is_not_sent(
    hub: Hub, stream: Stream, feed: PeopleFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_feed, "RATE", 20_000.0)
    recorder = await joined(hub, stream)
    for people in (crowd(10_000), crowd(9_999), crowd(10_000)):
        feed.tell(people)
    await asyncio.sleep(0.5)
    assert recorder.types().count("user_list") == 1


@pytest.mark.parametrize("listed", [1, 5, 20, LISTED])
def test_no_crowd_costs_a_socket_more_than_the_rate(listed: int) -> None:
    """Ten minutes in which the people change twice a second."""
    loop = Loop()
    hub = Counting(loop)
    feed = PeopleFeed(hub, cast(asyncio.AbstractEventLoop, loop))
    for change in range(1_200):
        loop.turn(change / 2)
        feed.tell(People(50 * listed, tuple(f"张-{change + number}" for number in range(listed))))
    lists = [(at, size) for at, kind, size in hub.sent if kind == "user_list"]
    assert len(hub.sent) - len(lists) == 1_200, "each change is counted at once"
    assert sum(size for _at, _kind, size in hub.sent) <= RATE * (600 + SAVED) + lists[-1][1]
    assert sum(size for _at, _kind, size in hub.sent) >= 0.9 * RATE * 600 or listed == 1
    for (before, _size), (at, size) in pairwise(lists):
        assert at - before >= size / RATE - 1e-6
