"""The sealer of a pod: it seals what is due, from the ledger and never from its own board."""

import asyncio
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from canvas.ledger import segments, tips
from canvas.models import Canvas, Segment, Tip
from canvas.pod import sealer
from canvas.pod.hub import Hub
from canvas.pod.relay import Relay
from canvas.pod.sealer import Sealer, due, store_due
from tests.canvas.helpers import (
    configured,
    database_out_of_order,
    draw,
    eventually,
    in_thread,
    ledger_cells,
    order,
)

pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "SIZE", 4)


async def test_it_seals_what_is_full_and_stores_a_tip(main: Canvas) -> None:
    relay = Relay(Hub())
    await draw(*(order(x) for x in range(9)))
    await Sealer(relay).keep("main")
    assert [each.first_seq async for each in Segment.objects.all()] == [1, 5]
    tip = await Tip.objects.aget()
    assert tip.seq == 9


async def test_what_a_pod_was_made_to_believe_is_not_stored(main: Canvas) -> None:
    relay = Relay(Hub())
    await draw(order(1, 1), order(2, 2))
    stream = await relay.stream("main")
    stream.board.cells[:] = b"\x04" * len(stream.board.cells)
    stream.board.seq = 99
    await Sealer(relay).keep("main")
    board = await in_thread(tips.load)(stream.meta)
    assert (board.seq, bytes(board.cells)) == (2, await in_thread(ledger_cells)(stream.meta))
    assert (await Tip.objects.aget()).seq == 2


async def test_a_few_at_once(main: Canvas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealer, "AT_ONCE", 2)
    await draw(*(order(x) for x in range(20)))
    counts = []
    for _ in range(3):
        await in_thread(store_due)("main")
        counts.append(await Segment.objects.acount())
    assert counts == [2, 4, 5]


async def test_a_look_that_finds_nothing_reads_no_segment_and_no_board(main: Canvas) -> None:
    await draw(*(order(x) for x in range(5)))
    await in_thread(store_due)("main")
    assert await in_thread(queries_of_a_look)() == []


async def test_segments_of_a_former_version_tell_of_moderation_too(main: Canvas) -> None:
    await draw(*(order(x) for x in range(8)))
    await in_thread(store_due)("main")
    await Segment.objects.aupdate(moderated=None)
    await draw(*(order(x) for x in range(4)))
    await in_thread(store_due)("main")
    assert [each.moderated async for each in Segment.objects.order_by("first_seq")] == [0, 0, 0]


def queries_of_a_look() -> list[str]:
    """Return the queries for content or cells that one look makes."""
    with CaptureQueriesContext(connection) as queries:
        store_due("main")
    assert len(queries) <= 5
    return [each["sql"] for each in queries if "content" in each["sql"] or "cells" in each["sql"]]


async def test_it_goes_on_after_a_fault(
    main: Canvas, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sealer, "CHECK_INTERVAL", 0.02)
    relay = Relay(Hub())
    await relay.stream("main")
    running = asyncio.create_task(Sealer(relay).run())
    async with database_out_of_order():
        await eventually(lambda: "could not be sealed" in caplog.text)
    await draw(*(order(x) for x in range(4)))
    for _ in range(200):
        if await Segment.objects.acount():
            break
        await asyncio.sleep(0.02)
    assert await Segment.objects.acount() == 1
    running.cancel()


async def test_the_fault_of_one_canvas_is_its_own(
    main: Canvas, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """`main` has a hole, `other` is sealed all the same."""
    relay = Relay(Hub())
    await Canvas.objects.acreate(slug="other", own_cooldown_ms=0)
    await draw(order(1))
    await in_thread(configured)(main, seq=3)
    await draw(*(order(x) for x in range(4)))
    await draw(*(order(x) for x in range(4)), slug="other")
    for slug in ("main", "other", "gone"):
        await Sealer(relay).keep(slug)
    assert [each.canvas.slug async for each in Segment.objects.select_related("canvas")] == [
        "other"
    ]
    assert "lacks the seqs 2 to 3" in caplog.text


@pytest.mark.parametrize("skew", [timedelta(days=-1), timedelta(days=1)])
async def test_what_is_due_goes_by_the_clock_of_the_database(
    skew: timedelta, main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    await draw(order(1), order(2))
    await in_thread(store_due)("main")
    await draw(order(3))
    wrong = timezone.now() + skew
    monkeypatch.setattr(timezone, "now", lambda: wrong)
    assert await in_thread(due)(["main"]) == [], "its tip is of this very moment"
    await Tip.objects.aupdate(stored_at=wrong - skew - timedelta(days=1))
    assert await in_thread(due)(["main"]) == ["main"]


async def test_a_hundred_canvases_without_work_cost_one_query(main: Canvas) -> None:
    slugs = [f"canvas-{number}" for number in range(100)]
    await Canvas.objects.abulk_create(Canvas(slug=slug) for slug in slugs)
    await draw(*(order(x) for x in range(3)))

    def look() -> tuple[list[str], int]:
        with CaptureQueriesContext(connection) as queries:
            return due(["main", *slugs]), len(queries)

    assert await in_thread(look)() == (["main"], 1), "its tip is missing"
    await in_thread(store_due)("main")
    assert await in_thread(look)() == ([], 1)
    await draw(order(4))
    assert await in_thread(look)() == (["main"], 1), "a segment is full"
    await Canvas.objects.filter(slug__in=slugs).adelete()
