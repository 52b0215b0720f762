"""A pod that passes a segment's end compares its board with the one that was sealed."""

import asyncio

import pytest

from canvas import metrics
from canvas.ledger import segments
from canvas.models import Canvas, Segment
from canvas.pod import proofs
from canvas.pod.hub import Hub
from canvas.pod.proofs import Proofs
from canvas.pod.relay import Relay
from canvas.pod.sealer import store_due
from canvas.pod.stream import Stream
from canvas.services import configure
from tests.canvas.helpers import (
    Recorder,
    database_out_of_order,
    drawn,
    eventually,
    in_thread,
    ledger_cells,
    order,
)

pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "SIZE", 4)


@pytest.fixture
async def stream(relay: Relay) -> Stream:
    return await relay.stream("main")


def rebuilt() -> float:
    return float(metrics.rebuilds.labels("proof")._value.get())


async def passed(relay: Relay, main: Canvas, count: int) -> None:
    """Place so many, through this pod."""
    relay.commit(main.meta(), await drawn(*(order(x) for x in range(count))))


async def test_a_true_board_is_left_alone(relay: Relay, main: Canvas, stream: Stream) -> None:
    before, prover = rebuilt(), Proofs(relay)
    await passed(relay, main, 9)
    await in_thread(store_due)("main")
    for _ in range(2):
        await prover.check()
    assert rebuilt() == before
    assert await relay.stream("main") is stream


@pytest.mark.parametrize("sealed_first", [False, True])
async def test_a_board_that_differs_is_read_anew(
    relay: Relay, main: Canvas, stream: Stream, hub: Hub, sealed_first: bool
) -> None:
    before, prover = rebuilt(), Proofs(relay)
    hub.join(stream, (served := Recorder()).socket, 0)
    stream.board.cells[500] ^= 1
    await passed(relay, main, 4)
    if not sealed_first:
        await prover.check()
        assert rebuilt() == before, "there is nothing to compare it with yet"
    await in_thread(store_due)("main")
    await prover.check()
    await eventually(lambda: "resync" in served.types())
    assert rebuilt() == before + 1
    anew = await relay.stream("main")
    assert bytes(anew.board.cells) == await in_thread(ledger_cells)(main.meta())
    await prover.check()
    assert rebuilt() == before + 1


async def test_a_board_that_was_read_anew_since_is_not_disproved_by_the_one_before(
    relay: Relay, stream: Stream
) -> None:
    before = rebuilt()
    relay.disprove(stream, 4)
    relay.disprove(stream, 4)
    await eventually(lambda: relay.current("main") is not stream)
    await eventually(lambda: not relay._ledger.needs("main"))
    relay.disprove(stream, 4)
    assert rebuilt() == before + 1
    assert not relay._ledger.needs("main")


async def test_a_board_of_a_former_size_is_not_compared(
    relay: Relay, main: Canvas, stream: Stream
) -> None:
    """The check of the epochs is about to find it."""
    before, prover = rebuilt(), Proofs(relay)
    await in_thread(configure)("main", {"width": 9})
    await passed(relay, main, 4)
    await in_thread(store_due)("main")
    await prover.check()
    assert await Segment.objects.acount() == 1
    assert rebuilt() == before


async def test_so_many_ends_are_remembered(
    relay: Relay, main: Canvas, stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proofs, "REMEMBERED", 2)
    prover = Proofs(relay)
    for _ in range(4):
        await passed(relay, main, 4)
        await prover.check()
    (ours,) = prover._ours.values()
    assert list(ours) == [12, 16]


async def test_of_several_ends_between_two_looks_the_newest_counts(
    relay: Relay, main: Canvas, stream: Stream
) -> None:
    await passed(relay, main, 9)
    end = stream.take_end()
    assert end is not None
    assert end[0] == 8
    assert stream.take_end() is None


async def test_it_goes_on_after_a_fault(
    relay: Relay,
    main: Canvas,
    stream: Stream,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(proofs, "CHECK_INTERVAL", 0.02)
    before = rebuilt()
    running = asyncio.create_task(Proofs(relay).run())
    stream.board.cells[500] ^= 1
    async with database_out_of_order("canvas_segment"):
        relay.commit(main.meta(), await drawn(*(order(x) for x in range(4))))
        await eventually(lambda: "could not be proved" in caplog.text)
    await in_thread(store_due)("main")
    await eventually(lambda: rebuilt() == before + 1)
    running.cancel()
