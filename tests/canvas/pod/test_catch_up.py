"""Large commits, which are only announced, are read from the ledger by few queries."""

import asyncio

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from canvas.domain.rules import CanvasMeta
from canvas.ledger import reads
from canvas.ledger.reads import Page
from canvas.models import Canvas
from canvas.pod import catch_up
from canvas.pod.relay import Relay
from canvas.services import configure, place
from tests.canvas.helpers import advanced, drawn, eventually, order

pytestmark = pytest.mark.both_databases


async def test_the_commits_of_an_operation_are_read_together(
    relay: Relay, pages: list[int]
) -> None:
    stream = await relay.stream("main")
    for count in range(1, 21):
        await drawn(*(order(x) for x in range(10)))
        if count < 20:
            continue
        for seq in range(10, 201, 10):
            relay.receive(advanced(stream.meta, seq))
    await eventually(lambda: stream.last == 200)
    assert pages == [0], "and there is no read that finds nothing"


async def test_commits_that_follow_each_other_are_waited_for(
    relay: Relay, pages: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A revert of a million pixels is announced by 700 commits, one after the other."""
    monkeypatch.setattr(catch_up, "ADVANCE_PAUSE", 60.0)
    stream = await relay.stream("main")
    await drawn(*(order(x) for x in range(10)))
    for seq in range(1, 11):
        relay.receive(advanced(stream.meta, seq))
        await asyncio.sleep(0.01)
    assert (pages, stream.last) == ([], 0), "they would have been read one by one"


async def test_each_canvas_is_read_and_again_for_the_next_operation(
    relay: Relay, pages: list[int]
) -> None:
    await Canvas.objects.acreate(slug="other", own_cooldown_ms=0)
    streams = [await relay.stream(slug) for slug in ("main", "other")]

    async def reach(seq: int) -> None:
        for stream in streams:
            await drawn(order(seq), slug=stream.meta.slug)
            relay.receive(advanced(stream.meta, seq))
        await eventually(lambda: [stream.last for stream in streams] == [seq, seq])

    await reach(1)
    await reach(2)
    reads_before = len(pages)
    relay.receive(advanced(streams[0].meta, 2))
    assert not relay._catch_up._gathering, "it has what it is told of"
    assert len(pages) == reads_before == 4


async def test_what_is_committed_while_it_is_read_is_read_as_well(
    relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = await relay.stream("main")
    page_after, loop = reads.page_after, asyncio.get_running_loop()

    def slow(meta: CanvasMeta, seq: int) -> Page | None:
        page = page_after(meta, seq)
        if seq == 0:
            place("main", [order(5)])
            loop.call_soon_threadsafe(relay._catch_up.start, stream, "gap")
        return page

    monkeypatch.setattr(reads, "page_after", slow)
    await drawn(order(1), order(2))
    relay.receive(advanced(stream.meta, 2))
    await eventually(lambda: stream.last == 3)


def test_a_page_is_one_query_under_the_rules_that_are_known(main: Canvas) -> None:
    meta = main.meta()
    place("main", [order(1), order(2)])
    with CaptureQueriesContext(connection) as queries:
        page = reads.page_after(meta, 0)
        assert reads.page_after(meta, 2) is None
    assert page is not None
    assert [pixel.seq for pixel in page.pixels] == [1, 2]
    assert (page.meta, len(queries)) == (meta, 2)


def test_other_rules_come_with_it(main: Canvas) -> None:
    before = main.meta()
    after = configure("main", {"palette": [*before.palette, "#123456"]})
    place("main", [order(color="#123456")])
    page = reads.page_after(before, 0)
    assert page is not None
    assert page.meta == after
