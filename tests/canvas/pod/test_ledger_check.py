"""The check of the ledger: what it asks, what it tells operators, and what it forgets."""

import asyncio
from collections.abc import Mapping

import pytest
from django.db import OperationalError

from canvas import metrics
from canvas.domain.pixel import Pixel, Seen
from canvas.domain.rules import CanvasMeta, Draw
from canvas.ledger import reads
from canvas.ledger.reads import Compared
from canvas.models import Canvas, Placement
from canvas.pod import damaged_canvases
from canvas.pod.relay import Relay
from canvas.pod.stream import MEMORY, Outcome, Stream
from canvas.services import renew_epoch
from tests.canvas.helpers import RED, drawn, eventually, in_thread, lose, order, total

pytestmark = pytest.mark.both_databases


@pytest.fixture
async def stream(relay: Relay) -> Stream:
    return await relay.stream("main")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, int]]:
    """The seqs that each look at the ledger compares."""
    seqs: list[dict[str, int]] = []
    compared = reads.compared

    def counted(before: Mapping[str, int]) -> dict[str, Compared]:
        seqs.append(dict(before))
        return compared(before)

    monkeypatch.setattr(reads, "compared", counted)
    return seqs


def failing(*_asked: object) -> CanvasMeta:
    raise OperationalError("cannot execute UPDATE in a read-only transaction")


# --- damage


async def test_a_lost_end_is_told_and_a_mended_ledger_is_read_anew(
    relay: Relay,
    stream: Stream,
    main: Canvas,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(damaged_canvases, "FIRST_LOOK", 0.02)
    before = total(metrics.rebuilds, "mended")
    await drawn(*(order(x) for x in range(3)))
    lost = await in_thread(lose)(main, 3)
    await relay.check()
    assert "main" in relay.damaged
    assert any(
        "main is damaged: the ledger lacks the seqs 3 to 3" in each for each in caplog.messages
    )
    await asyncio.sleep(0.03)
    await relay.check()
    assert "main" not in relay._ledger._rebuilding, "it lacks it still"
    await Placement.objects.abulk_create(lost)
    await asyncio.sleep(0.05)
    await relay.check()
    await eventually(lambda: "main" not in relay.damaged)
    assert total(metrics.rebuilds, "mended") == before + 1
    assert "the board of main is read anew: mended" in caplog.messages
    assert "the canvas main is whole again" in caplog.messages


async def test_a_board_that_was_another_one_is_told_by_its_seq(
    relay: Relay, stream: Stream, caplog: pytest.LogCaptureFixture
) -> None:
    relay.disprove(stream, 7)
    said = "the board of main at seq 7 is not the one that was sealed"
    assert said in caplog.messages
    await eventually(lambda: relay.current("main") is not stream)
    assert "the board of main is read anew: proof" in caplog.messages


async def test_a_board_that_cannot_be_read_anew_is_told(
    relay: Relay, stream: Stream, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("canvas.pod.streams.Streams.load", failing)
    relay.disprove(stream, 7)
    await eventually(lambda: "the board of main could not be read anew" in caplog.messages)
    assert relay.current("main") is stream


async def test_what_a_replica_lacks_is_told_with_the_reason(
    relay: Relay,
    stream: Stream,
    main: Canvas,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("canvas.services.settle_ahead", failing)
    pixels = await drawn(order(1), order(2))
    relay.commit(main.meta(), pixels)
    await Canvas.objects.filter(pk=main.pk).aupdate(seq=1)
    await relay.check()
    stream.meta = (await Canvas.objects.aget(pk=main.pk)).meta()
    await Canvas.objects.filter(pk=main.pk).aupdate(revision=stream.meta.revision - 1)
    await relay.check()
    told = [each for each in caplog.messages if each.startswith("the ledger of main lacks")]
    reason = "cannot execute UPDATE in a read-only transaction"
    assert told == [
        f"the ledger of main lacks {what} for now: {reason}"
        for what in ("what was at seq 2", f"revision {stream.meta.revision}")
    ]


async def test_a_read_that_finds_another_past_leads_to_a_board_read_anew(
    relay: Relay, stream: Stream, running: None
) -> None:
    await in_thread(renew_epoch)("main")
    await drawn(order(1))
    await relay.catch_up(stream)
    await eventually(lambda: relay.current("main") is not stream)


async def test_a_board_that_is_being_read_anew_is_not_judged(
    relay: Relay, stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[Stream] = []
    monkeypatch.setattr("canvas.pod.streams.Streams.load", never)
    monkeypatch.setattr(relay._ledger, "_compare", lambda each, _found: judged.append(each))
    await relay.check()
    assert judged == [stream]
    relay.disprove(stream, 7)
    await relay.check()
    assert judged == [stream]


async def never(*_asked: object) -> Stream:
    await asyncio.sleep(60)
    raise AssertionError


# --- doubts


async def test_a_commit_that_follows_leaves_no_doubt(
    relay: Relay, stream: Stream, main: Canvas, asked: list[dict[str, int]]
) -> None:
    for x in range(4):
        await asyncio.sleep(0.002)  # the times are compared in ms
        (pixel,) = await drawn(order(x))
        before = stream.at(pixel.seq - 1)
        relay.commit(main.meta(), [pixel], before.timestamp if before else None)
    await relay.check()
    assert asked == [{"main": 4}]


async def test_a_commit_of_another_past_has_the_placement_before_it_compared_once(
    relay: Relay, stream: Stream, main: Canvas, asked: list[dict[str, int]]
) -> None:
    relay.commit(main.meta(), await drawn(order(1), order(2)))
    relay.commit(main.meta(), await drawn(order(3)), 5)
    await relay.check()
    await relay.check()
    assert asked == [{"main": 2}, {"main": 3}]


async def test_a_canvas_that_left_memory_or_was_read_anew_has_no_doubt(
    relay: Relay, stream: Stream, main: Canvas, asked: list[dict[str, int]]
) -> None:
    relay.commit(main.meta(), await drawn(order(1), order(2), order(3)))
    relay._ledger.doubt("main", 1)
    relay.disprove(stream, 3)
    await eventually(lambda: relay.current("main") is not stream)
    await relay.check()
    relay._ledger.doubt("main", 1)
    relay._ledger.forget("main")
    await relay.check()
    assert asked == [{"main": 3}, {"main": 3}]


# --- what a pod knows of a canvas


async def test_it_knows_the_rules_of_the_canvases_that_it_serves(
    relay: Relay, stream: Stream
) -> None:
    assert relay.known("main") is stream.meta
    assert relay.known("other") is None


async def test_the_cell_of_a_canvas_that_it_does_not_serve_is_not_seen(
    relay: Relay, stream: Stream
) -> None:
    assert relay.seen("main", Draw(1, 2, RED)) == Seen(0, has_asked_color=False)
    assert relay.seen("other", Draw(1, 2, RED)) == Seen(None, has_asked_color=False)


async def test_all_placements_since_the_last_look_are_counted(
    relay: Relay, stream: Stream, running: None, main: Canvas
) -> None:
    before = total(metrics.relayed, Outcome.APPLIED)
    relay.commit(main.meta(), await drawn(order(1), order(2)))
    relay.commit(main.meta(), await drawn(order(3)))
    relay.look()
    await eventually(lambda: total(metrics.relayed, Outcome.APPLIED) == before + 3)


async def test_a_look_that_fails_is_told_and_the_next_one_is_made(
    relay: Relay,
    stream: Stream,
    running: None,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(reads, "compared", failing)
    relay.look()
    await eventually(lambda: "the ledger could not be compared" in caplog.messages)


async def test_names_are_read_of_what_is_remembered_and_no_more(
    relay: Relay, stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, int]] = []

    def none(_meta: CanvasMeta, since: int, limit: int) -> list[Pixel]:
        asked.append((since, limit))
        return []

    monkeypatch.setattr(reads, "pixels_after", none)
    relay.read_names()
    await eventually(lambda: asked == [(0, MEMORY)])


async def test_a_commit_that_follows_is_taken_as_one(
    relay: Relay, stream: Stream, main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One by one they would cost three times as much."""
    monkeypatch.setattr(Stream, "offer", failing)
    relay.commit(main.meta(), await drawn(order(1), order(2)))
    assert stream.last == 2


async def test_names_that_cannot_be_read_are_told(
    relay: Relay, stream: Stream, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(reads, "pixels_after", failing)
    relay.read_names()
    await eventually(lambda: "the names on main could not be read" in caplog.messages)
