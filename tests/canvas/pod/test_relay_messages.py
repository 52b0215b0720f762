"""Messages of other pods are applied in order, once; the ledger settles what cannot be true."""

import asyncio
from typing import Any

import pytest

from canvas import metrics
from canvas.domain.pixel import Pixel
from canvas.models import Canvas
from canvas.pod.hub import Hub
from canvas.pod.relay import Relay
from canvas.pod.stream import Outcome, Stream
from canvas.protocol import announcements, events
from canvas.services import configure
from tests.canvas.helpers import (
    RED,
    Recorder,
    advanced,
    drawn,
    eventually,
    in_thread,
    ledger_cells,
    order,
    signed,
    total,
)
from tests.support.ids import plain

pytestmark = pytest.mark.both_databases


def message(main: Canvas, pixel: Pixel, **changes: Any) -> dict[str, Any]:
    """A pixel as a pod of this site tells of it, with other fields that it might sign."""
    return signed({**announcements.pixel_message(main.meta(), pixel), **changes})


@pytest.fixture
async def served(relay: Relay, main: Canvas) -> Stream:
    """The stream of `main`, empty, before other pods place anything."""
    return await relay.stream("main")


async def test_the_next_placement_needs_no_ledger(
    relay: Relay, served: Stream, main: Canvas
) -> None:
    (placed,) = await drawn()
    relay.receive(message(main, placed))
    assert served.last == 1
    assert served.between(0, 1) == [placed]


async def test_a_placement_that_comes_twice_is_applied_once(
    relay: Relay, hub: Hub, served: Stream, main: Canvas
) -> None:
    hub.join(served, (recorder := Recorder()).socket, 0)
    (placed,) = await drawn()
    relay.commit(main.meta(), [placed])
    relay.receive(message(main, placed))
    relay.receive(message(main, placed))
    await eventually(lambda: recorder.seqs)
    await asyncio.sleep(0.05)
    assert recorder.seqs == [1]


async def test_placements_may_come_in_any_order(relay: Relay, served: Stream, main: Canvas) -> None:
    pixels = await drawn(order(1), order(2), order(3), order(4))
    for number in (3, 1, 2, 0):
        relay.receive(message(main, pixels[number]))
    assert served.between(0, 4) == pixels


async def test_a_gap_is_read_from_the_ledger(
    relay: Relay, hub: Hub, served: Stream, main: Canvas
) -> None:
    hub.join(served, (recorder := Recorder()).socket, 0)
    before, pixels = total(metrics.catch_ups, "gap"), await drawn(*(order(x) for x in range(10)))
    relay.receive(message(main, pixels[-1]))
    assert served.last == 0
    await eventually(lambda: recorder.seqs == list(range(1, 11)))
    assert served.between(0, 10) == pixels
    assert total(metrics.catch_ups, "gap") == before + 1


async def test_a_gap_that_closes_by_itself_is_not_read(
    relay: Relay, served: Stream, main: Canvas
) -> None:
    before = total(metrics.catch_ups, "gap")
    pixels = await drawn(order(1), order(2))
    relay.receive(message(main, pixels[1]))
    await asyncio.sleep(0.01)
    relay.receive(message(main, pixels[0]))
    await asyncio.sleep(0.15)
    assert total(metrics.catch_ups, "gap") == before


async def test_a_hint_is_followed_in_the_ledger(relay: Relay, served: Stream) -> None:
    before = total(metrics.catch_ups, "advanced")
    pixels = await drawn(*(order(x) for x in range(10)))
    relay.receive(advanced(served.meta, 10))
    await eventually(lambda: served.last == 10)
    assert served.between(0, 10) == pixels
    assert total(metrics.catch_ups, "advanced") == before + 1


async def test_a_hint_of_what_is_here_already_costs_nothing(relay: Relay, served: Stream) -> None:
    before = total(metrics.catch_ups, "advanced")
    relay.receive(advanced(served.meta, 0))
    await asyncio.sleep(0.05)
    assert total(metrics.catch_ups, "advanced") == before


async def test_a_canvas_that_is_not_served_here_is_left_alone(relay: Relay, main: Canvas) -> None:
    (placed,) = await drawn()
    relay.receive(message(main, placed))
    relay.receive({"type": "canvas_advanced", "canvas": "nowhere", "seq": 10})
    assert relay.streams() == []


GARBAGE: list[dict[str, Any]] = [
    {},
    {"type": "pixel_updated"},
    {"type": "nonsense", "canvas": "main", "seq": 1},
    {"type": "websocket.disconnect"},
    {"type": "canvas_advanced", "canvas": "main", "seq": "7"},
    {"type": "canvas_advanced", "canvas": "main"},
    {"type": "canvas_changed"},
]
WRONG: list[dict[str, Any]] = [
    {"seq": None}, {"seq": "1"}, {"seq": 1.0}, {"x": -1}, {"x": 10**9}, {"y": None},
    {"color": "#123456"}, {"color": 5}, {"username": None}, {"timestamp": "now"},
    {"username": "\ud800"}, {"timestamp": 10**30}, {"canvas": None},
]  # fmt: skip


@pytest.mark.parametrize("garbage", GARBAGE, ids=plain)
async def test_garbage_is_counted_and_dropped(
    relay: Relay, served: Stream, garbage: dict[str, Any]
) -> None:
    before = metrics.distrusted._value.get()
    relay.receive(garbage)
    assert metrics.distrusted._value.get() == before + 1
    assert served.last == 0
    assert not served.has_gap


@pytest.mark.parametrize("change", WRONG, ids=plain)
async def test_a_placement_that_cannot_be_is_counted_and_dropped(
    relay: Relay, served: Stream, main: Canvas, change: dict[str, Any]
) -> None:
    before = metrics.distrusted._value.get()
    relay.receive(message(main, Pixel(1, 1, 1, 2, "mallory", 0), **change))
    assert metrics.distrusted._value.get() == before + 1
    assert served.last == 0
    assert not served.has_gap


@pytest.mark.slow
@pytest.mark.parametrize("garbage", GARBAGE, ids=plain)
async def test_what_garbage_meant_to_say_is_read_from_the_ledger(
    relay: Relay, served: Stream, garbage: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pod looks sooner than it does anyway."""
    monkeypatch.setattr(relay._wakeup, "_longest", 60)
    running = asyncio.create_task(relay.run())
    await asyncio.sleep(0.1)
    (placed,) = await drawn()
    relay.receive(garbage)
    await eventually(lambda: served.last == 1)
    assert served.between(0, 1) == [placed]
    running.cancel()


@pytest.mark.parametrize("change", [{"username": "\ud800"}, {"timestamp": 10**30}], ids=plain)
async def test_no_socket_dies_of_a_message_that_cannot_be_sent_on(
    relay: Relay, hub: Hub, served: Stream, main: Canvas, change: dict[str, Any]
) -> None:
    hub.join(served, (recorder := Recorder()).socket, 0)
    relay.receive(message(main, Pixel(1, 1, 1, 2, "mallory", 0), **change))
    await asyncio.sleep(0.05)
    hub.notify("main", events.canvas_changed(served.meta, 0))
    await eventually(lambda: "canvas_changed" in recorder.types())


@pytest.mark.slow
async def test_a_lie_that_waits_does_not_outlive_the_truth(
    relay: Relay, served: Stream, main: Canvas
) -> None:
    """A lie waits behind a gap, which closes, and the message that would contradict it is lost."""
    relay.receive(message(main, Pixel(2, 0, 0, 4, "mallory", 0)))
    await eventually(lambda: not served.has_gap)
    pixels = await drawn(order(1, color=RED), order(2, color=RED))
    relay.receive(message(main, pixels[0]))
    for _ in range(3):
        await relay.check()
        await asyncio.sleep(0.1)
    stream = await relay.stream("main")
    assert stream.board.cells == await in_thread(ledger_cells)(main.meta())


async def test_a_far_lie_does_not_keep_the_pod_reading(
    relay: Relay, served: Stream, main: Canvas
) -> None:
    relay.receive(message(main, Pixel(10**9, 0, 0, 4, "mallory", 0)))
    await eventually(lambda: not served.has_gap)
    before = total(metrics.catch_ups, "gap")
    for placed in await drawn(*[order()] * 20):
        relay.receive(message(main, placed))
        await asyncio.sleep(0)
    await asyncio.sleep(0.15)
    assert served.last == 20
    assert total(metrics.catch_ups, "gap") == before


async def test_what_comes_in_is_counted_once_by_its_outcome(
    relay: Relay, served: Stream, main: Canvas
) -> None:
    before = {outcome: relayed(outcome) for outcome in Outcome}

    def counted() -> list[float]:
        return [relayed(outcome) - before[outcome] for outcome in Outcome]

    pixels = await drawn(*map(order, range(5)))
    relay.commit(main.meta(), pixels[:3])
    relay.commit(main.meta(), pixels[2:])  # the first of which is known
    for told in (pixels[0], pixels[4], Pixel(8, 0, 0, 4, "bob", 0), Pixel(1, 9, 9, 4, "bob", 0)):
        relay.receive(message(main, told))
    looking = asyncio.create_task(relay.run())
    await eventually(lambda: counted() == [5, 3, 1, 1])
    relay.receive(message(main, pixels[2]))
    relay.look()
    await eventually(lambda: counted() == [5, 4, 1, 1])
    looking.cancel()


def relayed(outcome: Outcome) -> float:
    count: float = metrics.relayed.labels(outcome)._value.get()
    return count


def hints(reason: str) -> float:
    count: float = metrics.hints.labels(reason)._value.get()
    return count


FORGED: list[tuple[str, dict[str, Any]]] = [
    ("unsigned", {"sig": None}),
    ("unsigned", {"sig": "0" * 32}),
    ("unsigned", {"sig": "é" * 32}),
    ("unsigned", {"seq": 2}),
    ("unsigned", {"x": 2}),
    ("unsigned", {"index": 3}),
    ("unsigned", {"color": "#00FF00"}),
    ("unsigned", {"username": "alice"}),
    ("unsigned", {"epoch": 7}),
    ("unsigned", {"revision": 7}),
]


@pytest.mark.parametrize(("reason", "change"), FORGED, ids=plain)
async def test_what_no_pod_of_this_site_has_signed_is_only_a_hint(
    relay: Relay, served: Stream, main: Canvas, reason: str, change: dict[str, Any]
) -> None:
    before = hints(reason)
    relay.receive(message(main, Pixel(1, 1, 1, 2, "mallory", 0)) | change)
    assert hints(reason) == before + 1
    assert (served.last, served.has_gap) == (0, False)


async def test_an_old_message_without_any_of_it_is_a_hint(
    relay: Relay, served: Stream, main: Canvas
) -> None:
    """A foreign gateway tells of its pixels in the original's form."""
    before = hints("unsigned")
    relay.receive({**events.pixel_updated(main.meta(), Pixel(1, 1, 1, 2, "Nora", 0))})
    assert hints("unsigned") == before + 1
    assert served.last == 0


@pytest.mark.parametrize("field", ["epoch", "revision"])
async def test_what_speaks_of_other_rules_is_only_a_hint(
    relay: Relay, served: Stream, main: Canvas, field: str
) -> None:
    before = hints(field)
    relay.receive(message(main, Pixel(1, 1, 1, 2, "eve", 0), **{field: 99}))
    relay.receive(signed({**advanced(served.meta, 5), field: 99}))
    assert hints(field) == before + 2
    assert (served.last, served.has_gap) == (0, False)


async def test_a_message_of_another_site_is_counted_and_dropped(
    relay: Relay, served: Stream, main: Canvas
) -> None:
    before = metrics.other_sites._value.get()
    relay.receive(message(main, Pixel(1, 1, 1, 2, "eve", 0)) | {"site": "other.example"})
    assert metrics.other_sites._value.get() == before + 1
    assert served.last == 0


async def test_a_swapped_palette_is_read_by_its_index(
    relay: Relay, served: Stream, main: Canvas
) -> None:
    """Another pod places under new rules that this one has not heard of yet."""
    first, second, *rest = main.palette
    await in_thread(configure)("main", {"palette": [second, first, *rest]})
    (placed,) = await drawn(order(1, 1, color=second))
    relay.receive(message(await current(main), placed))
    assert served.last == 0, "by the old palette it would be the wrong colour"
    await relay.check()
    await eventually(lambda: served.last == 1)
    assert bytes(served.board.cells) == await in_thread(ledger_cells)(served.meta)
    assert served.meta.revision == 2


async def test_a_colour_that_is_added_and_used_at_once_reaches_the_sockets(
    relay: Relay, hub: Hub, served: Stream, main: Canvas
) -> None:
    """The commit brings its rules; no read of the ledger, and no fault of the hub."""
    text, binary = Recorder(), Recorder(binary=True)
    for recorder in (text, binary):
        hub.join(served, recorder.socket, 0)
    faults = metrics.room_faults._value.get()
    await in_thread(configure)("main", {"palette": [*main.palette, "#123456"]})
    (placed,) = await drawn(order(1, color="#123456"))
    relay.commit((await current(main)).meta(), [placed])
    await eventually(lambda: text.seqs == binary.seqs == [1])
    assert text.types() == ["canvas_changed", "pixel_updated"]
    assert metrics.room_faults._value.get() == faults


async def test_a_colour_that_the_ledger_brings_first_reaches_the_sockets(
    relay: Relay, hub: Hub, served: Stream, main: Canvas
) -> None:
    hub.join(served, (recorder := Recorder()).socket, 0)
    await in_thread(configure)("main", {"palette": [*main.palette, "#123456"]})
    await drawn(order(1, color="#123456"))
    await relay.catch_up(served)
    await eventually(lambda: recorder.seqs == [1])
    assert recorder.types() == ["canvas_changed", "pixel_updated"]


async def test_a_commit_under_older_rules_does_not_bring_them_back(
    relay: Relay, served: Stream, main: Canvas
) -> None:
    """Its thread was slower than the one that changed the rules."""
    former = main.meta()
    (placed,) = await drawn()
    await in_thread(configure)("main", {"charges": 3})
    await relay.check()
    relay.commit(former, [placed])
    assert (served.last, served.meta.charges, served.meta.revision) == (1, 3, 2)


async def current(canvas: Canvas) -> Canvas:
    await in_thread(canvas.refresh_from_db)()
    return canvas
