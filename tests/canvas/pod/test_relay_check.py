"""The ledger tells what no message told of: lost pixels, other rules, another past."""

import asyncio
from collections.abc import Mapping
from threading import Event

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from canvas import metrics
from canvas.domain.pixel import Pixel
from canvas.domain.rules import CanvasMeta
from canvas.ledger import reads
from canvas.ledger.faults import LedgerFault
from canvas.ledger.reads import Page
from canvas.ledger.tip_copies import TipCopy
from canvas.models import Canvas, CanvasRevision, Placement
from canvas.pod import streams
from canvas.pod.hub import Hub
from canvas.pod.relay import Relay
from canvas.pod.stream import Stream
from canvas.protocol import announcements
from canvas.services import configure, renew_epoch, settle_ahead
from tests.canvas.helpers import (
    PALETTE,
    WIDTH,
    Recorder,
    configured,
    database_out_of_order,
    drawn,
    eventually,
    in_thread,
    keep,
    ledger_cells,
    order,
    total,
)
from tests.support.ids import plain

pytestmark = pytest.mark.both_databases

LIE = Pixel(1, 9, 9, 4, "mallory", 0)


@pytest.fixture
async def served(relay: Relay, hub: Hub, main: Canvas) -> Recorder:
    """A socket on `main`, in agreement with the ledger."""
    recorder = Recorder()
    hub.join(await relay.stream("main"), recorder.socket, 0)
    return recorder


def tell(relay: Relay, main: Canvas, pixel: Pixel) -> None:
    relay.receive({**announcements.pixel_message(main.meta(), pixel)})


async def agree(relay: Relay) -> None:
    """Tell whether the pod's board is the fold of the ledger."""
    stream = await relay.stream("main")
    main = await Canvas.objects.aget(slug="main")
    assert stream.last == main.seq
    assert stream.board.cells == await in_thread(ledger_cells)(stream.meta)


async def test_lost_placements_are_found(relay: Relay, served: Recorder) -> None:
    before = total(metrics.catch_ups, "check")
    await drawn(*(order(x) for x in range(5)))
    await relay.check()
    await eventually(lambda: served.seqs == [1, 2, 3, 4, 5])
    assert total(metrics.catch_ups, "check") == before + 1
    await agree(relay)


async def test_who_asks_during_a_read_has_what_it_did_not_see(
    relay: Relay, served: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, has_looked, go_on = reads.page_after, Event(), Event()

    def read_and_wait(meta: CanvasMeta, seq: int) -> Page | None:
        page = read(meta, seq)
        if page is None:
            has_looked.set()
            assert go_on.wait(20)
        return page

    monkeypatch.setattr(reads, "page_after", read_and_wait)
    before = total(metrics.catch_ups, "asked")
    stream = await relay.stream("main")
    first = asyncio.create_task(relay.catch_up(stream))
    assert await asyncio.to_thread(has_looked.wait, 20), "the first has read"
    await drawn()
    second = asyncio.create_task(relay.catch_up(stream))
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.gather(first, second)
    assert total(metrics.catch_ups, "asked") == before + 2
    await agree(relay)


async def test_more_than_a_page_of_lost_placements_is_found(
    relay: Relay, served: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("canvas.ledger.fold.PAGE", 7)
    await drawn(*(order(x % WIDTH) for x in range(50)))
    await relay.check()
    await eventually(lambda: served.seqs == list(range(1, 51)))
    await agree(relay)


@pytest.mark.slow
async def test_it_looks_every_second(served: Recorder, running: None) -> None:
    await drawn()
    await eventually(lambda: served.seqs == [1])


async def test_a_look_at_many_canvases_costs_two_queries(
    relay: Relay, main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    slugs = [f"canvas-{number}" for number in range(20)]
    await Canvas.objects.abulk_create(Canvas(slug=slug) for slug in slugs)
    for slug in slugs:
        await relay.stream(slug)
    looks: list[tuple[int, int]] = []
    compared = reads.compared

    def counted(seqs: Mapping[str, int]) -> dict[str, reads.Compared]:
        with CaptureQueriesContext(connection) as queries:
            found = compared(seqs)
        looks.append((len(seqs), len(queries)))
        return found

    monkeypatch.setattr(reads, "compared", counted)
    await relay.check()
    assert looks == [(20, 2)]


async def test_other_rules_are_told(relay: Relay, served: Recorder) -> None:
    await in_thread(configure)("main", {"frozen": True, "palette": [*PALETTE, "#ABCDEF"]})
    await relay.check()
    await eventually(lambda: served.events)
    (event,) = served.events
    assert (event["type"], event["frozen"]) == ("canvas_changed", True)
    assert event["palette"] == [*PALETTE, "#ABCDEF"]
    assert (await relay.stream("main")).meta.frozen


async def test_rules_that_stay_are_not_told(relay: Relay, served: Recorder) -> None:
    await relay.check()
    await asyncio.sleep(0.05)
    assert served.events == []


async def test_other_rules_are_known_before_pixels_that_need_them(
    relay: Relay, served: Recorder
) -> None:
    await in_thread(configure)("main", {"palette": [*PALETTE, "#ABCDEF"]})
    await drawn(order(color="#ABCDEF"))
    await relay.check()
    await eventually(lambda: served.seqs == [1])
    assert served.types() == ["canvas_changed", "pixel_updated"]
    assert served.events[-1]["color"] == "#ABCDEF"


async def test_another_size_makes_everyone_start_over(relay: Relay, served: Recorder) -> None:
    await drawn(order(), order())
    await relay.check()
    await eventually(lambda: served.seqs == [1, 2])
    before = total(metrics.rebuilds, "epoch")
    meta = await in_thread(configure)("main", {"width": 10})
    await relay.check()
    await eventually(lambda: "resync" in served.types())
    assert served.types()[-2:] == ["canvas_changed", "resync"]
    assert (served.events[-2]["epoch"], served.events[-2]["seq"]) == (meta.epoch, 2)
    assert total(metrics.rebuilds, "epoch") == before + 1
    await agree(relay)


async def test_a_pod_that_is_ahead_of_the_ledger_starts_over(
    relay: Relay, served: Recorder, main: Canvas
) -> None:
    before = total(metrics.rebuilds, "ahead")
    tell(relay, main, LIE)
    assert (await relay.stream("main")).last == 1
    await relay.check()
    await eventually(lambda: "resync" in served.types())
    assert served.events[-1] == {"type": "resync", "seq": 0}
    assert total(metrics.rebuilds, "ahead") == before + 1
    await agree(relay)


async def rebuilt(relay: Relay, epoch: int) -> None:
    await eventually(lambda: relay.current("main").meta.epoch == epoch)


async def test_pods_that_are_ahead_make_one_new_epoch(hub: Hub, main: Canvas) -> None:
    """The ledger lost its end: what clients know of it must not be continued."""
    relays = [Relay(hub) for _ in range(3)]
    for relay in relays:
        await relay.stream("main")
        tell(relay, main, LIE)
    await asyncio.gather(*(relay.check() for relay in relays))
    now = await Canvas.objects.aget(slug="main")
    assert now.epoch != main.epoch
    assert now.revision == 2
    for relay in relays:
        await relay.check()
        await rebuilt(relay, now.epoch)


async def test_a_board_read_anew_during_a_look_is_not_judged_by_it(
    relay: Relay, served: Recorder, main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look began when the stream was ahead; the one that is there now is not."""
    tell(relay, main, LIE)
    await relay.check()
    renewed = (await Canvas.objects.aget(slug="main")).epoch
    compared, read_anew = reads.compared, Event()

    def compared_late(before: dict[str, int]) -> dict[str, reads.Compared]:
        found = compared(before)
        assert read_anew.wait(10)
        return found

    monkeypatch.setattr(reads, "compared", compared_late)
    looking = asyncio.create_task(relay.check())
    await rebuilt(relay, renewed)
    read_anew.set()
    await looking
    assert (await Canvas.objects.aget(slug="main")).epoch == renewed
    await eventually(lambda: "resync" in served.types())
    assert served.types().count("resync") == 1


async def test_a_pod_that_is_merely_contradicted_keeps_the_epoch(
    relay: Relay, served: Recorder, main: Canvas
) -> None:
    """The pod has what the ledger has, and a message said something else."""
    before = total(metrics.rebuilds, "conflict")
    await drawn(order(1), order(2))
    await relay.check()
    await eventually(lambda: served.seqs == [1, 2])
    tell(relay, main, LIE)
    await relay.check()
    await eventually(lambda: "resync" in served.types())
    await relay.check()
    assert not relay._ledger.needs("main"), "it is settled"
    assert total(metrics.rebuilds, "conflict") == before + 1
    assert (await Canvas.objects.aget(slug="main")).epoch == main.epoch


async def test_a_pod_that_looked_too_early_makes_no_new_epoch(main: Canvas) -> None:
    """The row is looked at again under its lock."""
    await drawn(order(1), order(2))
    meta = await in_thread(settle_ahead)("main", main.epoch, 2)
    assert meta.epoch == main.epoch


async def test_a_restored_database_makes_everyone_start_over(
    relay: Relay, served: Recorder, main: Canvas
) -> None:
    await drawn(order(1), order(2), order(3))
    await relay.check()
    await eventually(lambda: served.seqs == [1, 2, 3])
    await in_thread(restore_to)(main, 1)
    await relay.check()
    await eventually(lambda: "resync" in served.types())
    await agree(relay)
    await drawn(order(4))
    await relay.check()
    await served.reach(2)
    await agree(relay)


def restore_to(canvas: Canvas, seq: int) -> None:
    """Do what a restored backup does; the ledger itself would not allow it."""
    keep(Placement.objects.filter(canvas=canvas, seq__lte=seq))
    configured(canvas, seq=seq)


@pytest.mark.parametrize("more", [2, 3, 5])
async def test_a_ledger_that_lost_its_end_and_has_grown_again_is_noticed(
    relay: Relay, served: Recorder, main: Canvas, more: int
) -> None:
    """A failover: by the next check the ledger has reached, or passed, the seq of this pod."""
    await drawn(order(1), order(2), order(3))
    await relay.check()
    await eventually(lambda: served.seqs == [1, 2, 3])
    await in_thread(restore_to)(main, 1)
    await drawn(*(order(9 + x) for x in range(more)))
    await relay.check()
    await eventually(lambda: "resync" in served.types())
    await agree(relay)
    assert relay.current("main").meta.epoch != main.epoch, "clients elsewhere know the lost end too"


async def test_what_follows_on_other_placements_is_not_taken_for_a_gap(
    relay: Relay, served: Recorder, main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    await drawn(order(1), order(2), order(3))
    await relay.check()
    await eventually(lambda: served.seqs == [1, 2, 3])
    await in_thread(restore_to)(main, 1)
    *_, newest = await drawn(*(order(9 + x) for x in range(5)))
    looked = []
    monkeypatch.setattr(relay._wakeup, "wake", lambda: looked.append(relay.current("main").last))
    tell(relay, main, newest)
    await eventually(lambda: looked)
    await relay.check()
    await eventually(lambda: "resync" in served.types())
    await agree(relay)


async def test_a_ledger_that_lost_its_newest_rules_begins_another_past(
    relay: Relay, hub: Hub, served: Recorder, main: Canvas
) -> None:
    """A failover lost an epoch too: people who know the one before would go on with a lost end."""
    await drawn(order(1))
    known = await in_thread(renew_epoch)("main")
    await relay.check()
    await eventually(lambda: relay.current("main").meta == known)
    await Canvas.objects.filter(pk=main.pk).aupdate(epoch=main.epoch, revision=main.revision)
    await CanvasRevision.objects.filter(revision=known.revision).adelete()
    others = [Relay(hub) for _ in range(2)]
    before = total(metrics.rebuilds, "ahead")
    for other in others:
        (await other.stream("main")).meta = known
    for each in (relay, *others):
        await each.check()
    stored = await Canvas.objects.aget(pk=main.pk)
    assert stored.epoch not in (known.epoch, main.epoch)
    assert stored.revision == known.revision + 1, "no number stands for two sets of rules"
    for each in (relay, *others):
        await rebuilt(each, stored.epoch)
    assert total(metrics.rebuilds, "ahead") > before
    await agree(relay)


async def test_rules_that_a_replica_lacks_are_waited_for(
    relay: Relay, served: Recorder, main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_settled: object) -> CanvasMeta:
        raise OperationalError("cannot execute UPDATE in a read-only transaction")

    known = await in_thread(renew_epoch)("main")
    await relay.check()
    await eventually(lambda: relay.current("main").meta == known)
    await Canvas.objects.filter(pk=main.pk).aupdate(epoch=main.epoch, revision=main.revision)
    before = total(metrics.rebuilds, "ahead")
    with monkeypatch.context() as patch:
        patch.setattr("canvas.services.settle_ahead", refuse)
        await relay.check()
    assert relay.current("main").meta == known
    await Canvas.objects.filter(pk=main.pk).aupdate(epoch=known.epoch, revision=known.revision)
    await relay.check()
    assert relay.current("main").meta == known
    assert total(metrics.rebuilds, "ahead") == before
    await agree(relay)


async def test_rules_that_are_newer_than_a_look_are_not_taken_for_lost(
    relay: Relay, served: Recorder, main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look that began before they were committed finds them under the lock."""
    compared = reads.compared

    def late(seqs: Mapping[str, int]) -> Mapping[str, reads.Compared]:
        found = compared(seqs)
        relay.current("main").meta = configure("main", {"charges": 3})
        return found

    monkeypatch.setattr(reads, "compared", late)
    await relay.check()
    monkeypatch.undo()
    assert (await Canvas.objects.aget(pk=main.pk)).epoch == main.epoch
    assert "resync" not in served.types()


@pytest.mark.parametrize("way", ["own", "each", "commit"])
async def test_a_commit_that_follows_on_another_placement_is_noticed(
    relay: Relay, served: Recorder, main: Canvas, settings: Settings, way: str
) -> None:
    """A failover lost the newest placement, and its seq was taken without a message."""
    *_, lost = await drawn(order(1), order(2))
    await relay.check()
    await eventually(lambda: served.seqs == [1, 2])
    await in_thread(restore_to)(main, 1)
    await asyncio.sleep(0.01)  # the times are compared in ms
    (silent,) = await drawn(order(9))
    (told,) = await drawn(order(10))
    if way == "own":
        relay.commit(main.meta(), [told], silent.timestamp)
    else:
        settings.PIXEL_MESSAGES = way
        (message,) = announcements.committed(main.meta(), [told], silent.timestamp)
        relay.receive({**message})
    assert relay.current("main").between(1, 3) == [lost, told]
    await relay.check()
    await eventually(lambda: "resync" in served.types())
    await agree(relay)


@pytest.mark.parametrize("after", [0, -1, 2**60, True, "1", None, [1], 1.5], ids=plain)
async def test_a_lie_about_the_placement_before_changes_nothing(
    relay: Relay, served: Recorder, main: Canvas, after: object
) -> None:
    await drawn(order(1))
    await relay.check()
    (told,) = await drawn(order(2))
    relay.receive({**announcements.pixel_message(main.meta(), told), "after": after})
    await relay.check()
    await relay.check()
    await eventually(lambda: served.seqs == [1, 2])
    assert relay.current("main").meta.epoch == main.epoch
    assert "resync" not in served.types()


async def test_two_stories_of_one_seq_are_settled_by_the_ledger(
    relay: Relay, served: Recorder, main: Canvas
) -> None:
    tell(relay, main, LIE)
    (truth,) = await drawn()
    tell(relay, main, truth)
    await relay.check()
    await eventually(lambda: "resync" in served.types())
    await agree(relay)


@pytest.mark.slow
async def test_a_suspicion_outlasts_a_failure_of_the_database(
    relay: Relay, served: Recorder, main: Canvas, running: None
) -> None:
    tell(relay, main, LIE)
    (truth,) = await drawn()
    tell(relay, main, truth)
    async with database_out_of_order():
        await asyncio.sleep(0.2)
    await eventually(lambda: "resync" in served.types())
    await agree(relay)


@pytest.mark.slow
async def test_it_goes_on_when_the_database_is_back(
    relay: Relay, served: Recorder, running: None, caplog: pytest.LogCaptureFixture
) -> None:
    async with database_out_of_order():
        relay.look()
        await eventually(lambda: "could not be compared" in caplog.text)
    await drawn()
    await eventually(lambda: served.seqs == [1])


@pytest.mark.slow
async def test_what_is_placed_while_a_board_is_read_anew_is_not_lost(
    relay: Relay, served: Recorder, main: Canvas
) -> None:
    tell(relay, main, LIE)
    checking = asyncio.create_task(relay.check())
    for _ in range(20):
        for placed in await drawn():
            relay.commit(main.meta(), [placed])
    await checking
    for _ in range(3):
        await relay.check()
        await asyncio.sleep(0.1)
    await agree(relay)


async def test_a_board_that_takes_long_to_read_anew_holds_up_no_other(
    relay: Relay, served: Recorder, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, go_on = streams._read, Event()

    def read_slowly(slug: str, copy: None) -> tuple[Stream, LedgerFault | None, TipCopy | None]:
        assert go_on.wait(10)
        return read(slug, copy)

    await Canvas.objects.acreate(slug="other", own_cooldown_ms=0)
    hub.join(await relay.stream("other"), (other := Recorder()).socket, 0)
    monkeypatch.setattr(streams, "_read", read_slowly)
    await in_thread(configure)("main", {"width": 10})
    await relay.check()
    await drawn(slug="other")
    for _ in range(3):
        await relay.check()
    await eventually(lambda: other.seqs == [1])
    assert served.types() == []
    go_on.set()
    await eventually(lambda: served.types() == ["canvas_changed", "resync"])
    await agree(relay)


async def test_a_canvas_that_is_gone_does_not_stop_the_others(
    relay: Relay, served: Recorder
) -> None:
    await Canvas.objects.acreate(slug="other")
    await relay.stream("other")
    await Canvas.objects.filter(slug="other").adelete()
    await drawn()
    await relay.check()
    await eventually(lambda: served.seqs == [1])


async def test_a_socket_that_joins_a_stream_after_it_was_read_anew_misses_nothing(
    relay: Relay, hub: Hub, served: Recorder, main: Canvas
) -> None:
    tell(relay, main, LIE)
    await relay.check()
    await eventually(lambda: "resync" in served.types())
    stream: Stream = await relay.stream("main")
    hub.join(stream, (late := Recorder()).socket, 0)
    await drawn()
    await relay.check()
    await eventually(lambda: late.seqs == [1])
