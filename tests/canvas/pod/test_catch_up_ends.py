"""The ends of a read of the ledger: what it calls, what waits on, and what an operator reads."""

import asyncio
from dataclasses import replace

import pytest
from django.db import OperationalError

from canvas.domain.pixel import Pixel
from canvas.domain.rules import CanvasMeta
from canvas.ledger import reads
from canvas.ledger.reads import Page
from canvas.models import Canvas
from canvas.pod.catch_up import GAP_TIMEOUT, CatchUp
from canvas.pod.hub import Hub
from canvas.pod.relay import Relay
from canvas.pod.stream import Stream
from canvas.services import configure, renew_epoch
from tests.canvas.helpers import Recorder, drawn, in_thread, lose, order

pytestmark = pytest.mark.both_databases

AHEAD = Pixel(9, 1, 1, 2, "alice", 5)  # waits behind a gap


class Reader:
    """A catch-up of `main` with nothing behind it but what it calls."""

    def __init__(self, hub: Hub, relay: Relay, stream: Stream) -> None:
        self.looks = 0
        self.suspects: list[str] = []
        self.stream = stream
        self._catch_up = CatchUp(hub, relay.damaged, self._look, self.suspects.append)

    async def read(self) -> None:
        await self._catch_up.finish(self.stream)

    def set_rules(self, meta: CanvasMeta) -> None:
        self._catch_up.set_rules(self.stream, meta)

    def _look(self) -> None:
        self.looks += 1


@pytest.fixture
async def reader(hub: Hub, relay: Relay) -> Reader:
    return Reader(hub, relay, await relay.stream("main"))


async def test_what_waits_and_is_not_in_the_ledger_is_forgotten(reader: Reader) -> None:
    reader.stream.offer(AHEAD)
    await drawn(order(1), order(2))
    await reader.read()
    assert (reader.stream.last, reader.stream.waiting()) == (2, frozenset())
    assert (reader.looks, reader.suspects) == (0, [])


async def test_a_gap_that_closes_in_time_is_not_read(
    relay: Relay, main: Canvas, pages: list[int]
) -> None:
    stream = await relay.stream("main")
    first, second = await drawn(order(1), order(2))
    relay.commit(main.meta(), [second])
    relay.commit(main.meta(), [first])
    await asyncio.sleep(2 * GAP_TIMEOUT)
    assert (stream.last, pages) == (2, [])


async def test_it_begins_with_the_newest_placement(reader: Reader, pages: list[int]) -> None:
    """That one shows whether the ledger has lost its end and has grown since."""
    await drawn(order(1), order(2))
    await reader.read()
    await drawn(order(3))
    await reader.read()
    assert pages == [0, 1]


async def test_another_past_is_looked_at_and_what_waits_goes_on_waiting(reader: Reader) -> None:
    await in_thread(renew_epoch)("main")
    await drawn(order(1))
    reader.stream.offer(AHEAD)
    await reader.read()
    assert (reader.looks, reader.suspects) == (1, [])
    assert reader.stream.last == 0
    assert reader.stream.waiting() == {AHEAD.seq}


async def test_another_newest_placement_makes_the_canvas_suspect(reader: Reader) -> None:
    (true,) = await drawn(order(1))
    reader.stream.offer(true._replace(username="mallory", x=9))
    reader.stream.offer(AHEAD)
    await reader.read()
    assert (reader.looks, reader.suspects) == (0, ["main"])
    assert reader.stream.waiting() == {AHEAD.seq}


async def test_a_hole_is_told_with_its_seqs_and_what_waits_goes_on_waiting(
    reader: Reader, relay: Relay, main: Canvas, caplog: pytest.LogCaptureFixture
) -> None:
    await drawn(*(order(x) for x in range(5)))
    await in_thread(lose)(main, 3)
    reader.stream.offer(AHEAD)
    await reader.read()
    assert reader.stream.last == 2
    assert reader.stream.waiting() == {AHEAD.seq}
    assert "main" in relay.damaged
    assert "the canvas main is damaged: the ledger lacks the seqs 3 to 3" in caplog.messages


async def test_a_hole_that_messages_have_closed_meanwhile_is_not_told(
    reader: Reader, relay: Relay, main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stream does not stand before it: what is behind is left to the check of the ledger."""
    pixels = await drawn(*(order(x) for x in range(3)))
    page_after, loop = reads.page_after, asyncio.get_running_loop()

    def late(meta: CanvasMeta, seq: int) -> Page | None:
        page = page_after(meta, seq)
        taken = asyncio.run_coroutine_threadsafe(take(), loop)
        taken.result(5)
        return page._replace(pixels=[page.pixels[0], page.pixels[2]]) if page else None

    async def take() -> None:
        for pixel in pixels[:2]:
            reader.stream.offer(pixel)

    monkeypatch.setattr(reads, "page_after", late)
    await reader.read()
    assert "main" not in relay.damaged


async def test_other_rules_are_told_with_the_seq_that_they_hold_after(
    reader: Reader, relay: Relay, hub: Hub, main: Canvas
) -> None:
    await drawn(order(1), order(2))
    await reader.read()
    hub.join(reader.stream, (recorder := Recorder()).socket, 2)
    await in_thread(configure)("main", {"frozen": True})
    changed = (await Canvas.objects.aget(pk=main.pk)).meta()
    reader.set_rules(changed)
    hub.advance()
    await asyncio.sleep(0.05)
    (event,) = [each for each in recorder.events if each["type"] == "canvas_changed"]
    assert (event["seq"], event["frozen"]) == (2, True)


async def test_rules_of_one_revision_are_those_of_the_ledger(reader: Reader) -> None:
    """A restored database may have other ones under the number that this pod knows."""
    other = replace(reader.stream.meta, frozen=True)
    reader.set_rules(other)
    assert reader.stream.meta == other


async def test_a_read_that_fails_is_logged_and_what_waits_goes_on_waiting(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(reads, "page_after", failing)
    reader.stream.offer(AHEAD)
    await reader.read()
    assert reader.stream.waiting() == {AHEAD.seq}
    assert "the ledger could not be read" in caplog.messages


def failing(*_asked: object) -> Page | None:
    raise OperationalError("no database")
