"""A damaged ledger: told once, nothing placed on it, and it ends by itself when it is mended."""

import asyncio
from collections.abc import Callable
from functools import partial

import pytest

from canvas import metrics
from canvas.domain.errors import Damaged
from canvas.ledger import segments
from canvas.models import Canvas, Placement
from canvas.pod import damaged_canvases
from canvas.pod.hub import Hub
from canvas.pod.pod import Pod
from canvas.pod.relay import Relay
from canvas.pod.sealer import Sealer, store_due
from canvas.protocol import announcements, events
from canvas.services import configure
from tests.canvas.helpers import (
    Recorder,
    configured,
    drawn,
    eventually,
    in_thread,
    keep,
    ledger_cells,
    lose,
    order,
    total,
)

pytestmark = pytest.mark.both_databases

DAMAGED = events.status(degraded=False, damaged=True)
WHOLE = events.status(degraded=False)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(damaged_canvases, "FIRST_LOOK", 0.05)
    monkeypatch.setattr(damaged_canvases, "LONGEST_PAUSE", 0.1)


async def look(pod: Pod) -> None:
    """Have the pod compare itself, without waiting for its next interval."""
    await pod.relay.check()
    await asyncio.sleep(0.1)


async def lose_third(main: Canvas) -> list[Placement]:
    await drawn(*(order(x) for x in range(5)))
    return await in_thread(lose)(main, 3)


async def restore(lost: list[Placement]) -> None:
    await Placement.objects.abulk_create(lost)


async def watch(pod: Pod, since: int = 0) -> Recorder:
    pod.hub.join(await pod.relay.stream("main"), (recorder := Recorder()).socket, since)
    return recorder


def found() -> float:
    count: float = metrics.holes._value.get()
    return count


@pytest.mark.slow
async def test_a_pod_stands_before_the_hole_and_tells_it_once(
    relay: Relay, hub: Hub, main: Canvas, caplog: pytest.LogCaptureFixture
) -> None:
    hub.join(await relay.stream("main"), (recorder := Recorder()).socket, 0)
    reads_before = total(metrics.catch_ups, "check"), total(metrics.catch_ups, "gap")
    before, newest = found(), (await drawn(*(order(x) for x in range(5))))[-1]
    await in_thread(lose)(main, 3)
    for _ in range(3):
        await relay.check()
        relay.receive({**announcements.pixel_message(main.meta(), newest)})
        await asyncio.sleep(0.15)
    assert recorder.seqs == [1, 2]
    assert found() == before + 1
    assert (
        total(metrics.catch_ups, "check") - 1,
        total(metrics.catch_ups, "gap"),
    ) == reads_before, "it would end there again"
    assert caplog.text.count("the canvas main is damaged: the ledger lacks the seqs 3 to 3") == 1
    assert metrics.damaged.labels("main")._value.get() == 1


@pytest.mark.slow
async def test_sockets_are_told_also_those_that_come_later_and_of_the_end(
    pod: Pod, main: Canvas
) -> None:
    lost = await lose_third(main)
    early = await watch(pod)
    await look(pod)
    await eventually(lambda: DAMAGED in early.events)
    late = await watch(pod)
    await eventually(lambda: DAMAGED in late.events)
    await restore(lost)
    await eventually(lambda: WHOLE in early.events and WHOLE in late.events)
    await eventually(lambda: "resync" in early.types())
    after = await watch(pod)
    await asyncio.sleep(0.1)
    assert DAMAGED not in after.events


@pytest.mark.slow
async def test_nothing_is_placed_until_it_is_whole(pod: Pod, main: Canvas) -> None:
    lost = await lose_third(main)
    with pytest.raises(Damaged):
        await pod.writer.place("main", order())
    assert await Placement.objects.acount() == 4
    before = total(metrics.rebuilds, "mended")
    await restore(lost)
    await eventually(lambda: "main" not in pod.relay.damaged)
    assert total(metrics.rebuilds, "mended") > before
    placed = await pod.writer.place("main", order(9, 9))
    assert placed.pixel.seq == 6
    stream = await pod.relay.stream("main")
    await eventually(lambda: stream.last == 6)
    assert stream.board.cells == await in_thread(ledger_cells)(stream.meta)


async def test_a_fresh_pod_serves_the_board_before_the_hole(main: Canvas) -> None:
    await lose_third(main)
    relay = Relay(Hub())
    stream = await relay.stream("main")
    assert stream.last == 2
    assert stream.board.cells == await in_thread(ledger_cells)(stream.meta, 2)
    assert "main" in relay.damaged
    with pytest.raises(Damaged):
        await relay.require_whole("main")


async def test_the_other_canvases_go_on(pod: Pod, main: Canvas) -> None:
    await lose_third(main)
    await Canvas.objects.acreate(slug="other", own_cooldown_ms=0)
    pod.hub.join(await pod.relay.stream("other"), (other := Recorder()).socket, 0)
    await watch(pod)
    await look(pod)
    assert "main" in pod.relay.damaged
    await pod.writer.place("other", order())
    await eventually(lambda: other.seqs == [1])
    assert DAMAGED not in other.events


async def test_other_rules_are_told_all_the_same(pod: Pod, main: Canvas) -> None:
    await lose_third(main)
    recorder = await watch(pod)
    await look(pod)
    await in_thread(configure)("main", {"frozen": True})
    await eventually(lambda: "canvas_changed" in recorder.types())


# --- its kinds


Mend = Callable[[], object]


def lose_end(main: Canvas) -> Mend:
    lost = lose(main, 4, 5)
    return partial(Placement.objects.bulk_create, lost)


def set_back(main: Canvas) -> Mend:
    configured(main, seq=3)
    return partial(configured, main, seq=5)


def forge_color(main: Canvas) -> Mend:
    rows = list(Placement.objects.order_by("seq"))

    def write(color: int) -> None:
        keep(Placement.objects.none())
        rows[3].color = color
        Placement.objects.bulk_create(rows)

    write(200)
    return partial(write, 2)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("damage", "known"),
    [
        (lose_end, False),
        (lose_end, True),
        (set_back, False),
        (set_back, True),
        (forge_color, False),
    ],
)
async def test_each_kind_is_found_and_ends_by_itself(
    pod: Pod, main: Canvas, damage: Callable[[Canvas], Mend], known: bool
) -> None:
    """A pod that has drawn the placements before, and one that has not."""
    await drawn(*(order(x) for x in range(5)))
    if known:
        await pod.relay.stream("main")
    mend = await in_thread(damage)(main)
    await pod.relay.stream("main")
    pod.relay.look()
    await eventually(lambda: "main" in pod.relay.damaged)
    with pytest.raises(Damaged):
        await pod.writer.place("main", order())
    await in_thread(mend)()
    await eventually(lambda: "main" not in pod.relay.damaged)
    stream = await pod.relay.stream("main")
    await eventually(lambda: stream.last == 5)
    assert stream.board.cells == await in_thread(ledger_cells)(stream.meta)


async def test_a_pod_stands_before_a_colour_that_never_was(
    relay: Relay, hub: Hub, main: Canvas
) -> None:
    hub.join(await relay.stream("main"), (recorder := Recorder()).socket, 0)
    stream = relay.current("main")
    await drawn(order(0), order(1))
    await relay.check()
    await eventually(lambda: stream.last == 2)
    await drawn(*(order(x) for x in range(2, 5)))
    await in_thread(forge_color)(main)
    await relay.check()
    await eventually(lambda: "main" in relay.damaged)
    assert stream.last == 3
    assert stream.board.cells == await in_thread(ledger_cells)(stream.meta, 3)
    await eventually(lambda: recorder.seqs == [1, 2, 3])


@pytest.mark.slow
async def test_the_sealer_tells_of_a_hole_behind_the_pods_board(
    pod: Pod, main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segments, "SIZE", 4)
    await drawn(*(order(x) for x in range(6)))
    stream = await pod.relay.stream("main")
    lost = await in_thread(lose)(main, 2)
    await Sealer(pod.relay).keep("main")
    assert "main" in pod.relay.damaged
    assert stream.last == 6
    await restore(lost)
    await eventually(lambda: "main" not in pod.relay.damaged)
    await in_thread(store_due)("main")


async def test_a_fresh_pod_tells_of_a_hole_in_what_is_sealed(
    main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The segment has the placement: the board is whole, and the ledger is not."""
    monkeypatch.setattr(segments, "SIZE", 4)
    await drawn(*(order(x) for x in range(6)))
    await in_thread(store_due)("main")
    await in_thread(lose)(main, 2)
    truth = await in_thread(ledger_cells)(main.meta())
    relay = Relay(Hub())
    stream = await relay.stream("main")
    assert stream.last == 6
    assert stream.board.cells != truth
    assert "main" in relay.damaged
    assert stream.between(1, 6) is None
    assert stream.between(2, 6) is not None


async def test_looks_become_rarer(
    relay: Relay, main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is put off for twice as long as the one before, up to a bound."""
    monkeypatch.setattr(damaged_canvases, "FIRST_LOOK", 0.01)
    await lose_third(main)
    await relay.stream("main")
    pauses = [relay.damaged._found["main"].pause]
    for _ in range(3):
        await asyncio.sleep(0.12)
        await relay.check()
        pauses.append(relay.damaged._found["main"].pause)
    assert pauses == [0.02, 0.04, 0.08, 0.1]
