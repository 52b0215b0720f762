"""The audience of each canvas: people once each on this pod, and what other pods tell."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager

import orjson
import pytest

from canvas.pod import audience as module
from canvas.pod.audience import MAX_CANVASES, Audience, Counts, RedisAudience, _decode


class Stored:
    """A store that answers with what other pods have told, or not at all."""

    def __init__(self, *told: Counts, away: bool = False) -> None:
        self.told = told
        self.away = away
        self.asked: list[tuple[Counts, tuple[str, ...]]] = []
        self.released = False

    async def exchange(self, counts: Counts, others: Collection[str]) -> Counts:
        self.asked.append((counts, tuple(others)))
        if self.away:
            raise OSError
        return sum(map(Counter, self.told), Counter[str]())

    async def release(self) -> None:
        self.released = True
        if self.away:
            raise OSError


async def once(audience: Audience) -> None:
    """Let one exchange happen."""
    task = asyncio.create_task(audience.run())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()


def test_a_person_counts_once_a_canvas_until_the_last_tab_goes() -> None:
    audience = Audience(lambda: [])
    for slug, person in [("main", "a"), ("main", "a"), ("main", "b"), ("art", "a")]:
        audience.enter(slug, person)
    assert [audience.of(slug) for slug in ("main", "art", "none")] == [2, 1, 0]
    audience.leave("main", "a")
    assert audience.of("main") == 2
    audience.leave("main", "a")
    audience.leave("art", "a")
    assert audience.own() == {"main": 1}


async def test_what_other_pods_tell_is_added_and_forgotten_when_they_cannot_be_asked() -> None:
    stored = Stored({"main": 3, "art": 1}, {"main": 4})
    audience = Audience(lambda: ["p2", "p3"], stored)
    audience.enter("main", "a")
    await once(audience)
    assert stored.asked == [({"main": 1}, ("p2", "p3"))]
    assert [audience.of(slug) for slug in ("main", "art")] == [8, 1]
    stored.away = True
    await once(audience)
    assert audience.of("main") == 1


class Pods:
    """A Redis in which other pods have told of many canvases."""

    def __init__(self, told: Sequence[Counts]) -> None:
        self._told = told

    @asynccontextmanager
    async def turn(self) -> AsyncIterator["Pods"]:
        yield self

    async def setex(self, *_: object) -> None:
        pass

    async def values(self, keys: Sequence[str], longest: int) -> AsyncIterator[bytes | None]:
        assert len(keys) == len(self._told)
        for counts in self._told:
            yield orjson.dumps(counts)


async def test_other_pods_cannot_tell_of_more_canvases_than_the_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MAX_ELSEWHERE", 2)
    pods = Pods([{"a": 1, "b": 2}, {"b": 3, "c": 4}])
    assert await RedisAudience(pods, "p1").exchange({}, ["p2", "p3"]) == {"a": 1, "b": 5}


@pytest.mark.parametrize("away", [False, True])
async def test_a_pod_that_stops_deletes_its_counts_where_the_store_answers(away: bool) -> None:
    stored = Stored(away=away)
    await Audience(lambda: [], stored).release()
    assert stored.released


def test_a_pod_tells_of_its_fullest_canvases_only() -> None:
    audience = Audience(lambda: [])
    for number in range(MAX_CANVASES + 1):
        audience.enter(f"c{number}", "a")
    audience.enter("c1000", "b")
    own = audience.own()
    assert len(own) == MAX_CANVASES
    assert own["c1000"] == 2


def test_what_no_pod_of_ours_would_write_is_nothing() -> None:
    assert _decode(b'{"main": 3}') == {"main": 3}
    for value in (None, b"", b"[", b"[1]", b'{"a": -1}', b'{"a": true}', b'{"a": 1.5}'):
        assert _decode(value) == {}
    assert _decode(b"x" * (module.MAX_BYTES + 1)) == {}
