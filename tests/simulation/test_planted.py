"""The simulation finds faults that are planted, each in a story in which it matters."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import pytest

from canvas.domain.cooldown import Cooldown, cooldown_of
from canvas.domain.errors import NoChange
from canvas.domain.pixel import Pixel
from canvas.domain.rules import CanvasMeta
from canvas.ledger import boards, deciding, faults, proof
from canvas.ledger.faults import LedgerFault
from canvas.ledger.placing import Order, Placed
from canvas.ledger.tip_copies import TipCopy
from canvas.models import StoredBoard
from canvas.pod import damaged_canvases
from canvas.pod.group_commit import GroupCommit
from canvas.pod.hub import Hub
from canvas.pod.outbox import Outbox
from canvas.pod.relay import Relay
from canvas.pod.room import Room, Socket
from canvas.pod.stream import Outcome, Stream
from canvas.pod.writer import Writer
from canvas.services import Batch
from presence import leases, service
from runtime.errors import Refused
from simulation.canvas_ledger import CanvasLedger
from simulation.plan import Fault, Plan
from simulation.running import simulate

HISTORIES = 12  # those that follow the one in which it is found are not simulated
Plant = Callable[[pytest.MonkeyPatch], None]


def a_stream_that_takes_a_seq_twice(patch: pytest.MonkeyPatch) -> None:
    offer = Stream.offer

    def twice(stream: Stream, pixel: Pixel) -> Outcome:
        if pixel.seq == stream.last:
            stream._apply(pixel)
        return offer(stream, pixel)

    patch.setattr(Stream, "offer", twice)
    patch.setattr(Stream, "_compare", lambda stream, pixel: Outcome.DUPLICATE)
    patch.setattr(Stream, "between", _doubled(Stream.between))


def _doubled(
    between: Callable[[Stream, int, int], list[Pixel] | None],
) -> Callable[[Stream, int, int], list[Pixel] | None]:
    """Return a tick's pixels with the one before, as a room without `sealed` would."""

    def doubled(stream: Stream, since: int, until: int) -> list[Pixel] | None:
        return between(stream, max(0, since - (since % 50 == 49)), until)

    return doubled


def a_catch_up_that_skips_one(patch: pytest.MonkeyPatch) -> None:
    def fill(stream: Stream, pixels: Iterable[Pixel]) -> int:
        news = [pixel for pixel in pixels if pixel.seq > stream.last]
        for pixel in news[1:]:
            stream._apply(pixel)
        return len(news)

    patch.setattr(Stream, "fill", fill)


def a_lease_that_never_runs_out(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(leases, "TTL", 10**9)


def a_lease_that_is_never_renewed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(service, "HEARTBEAT_INTERVAL", 10.0**9)


def a_writer_that_answers_before_the_commit(patch: pytest.MonkeyPatch) -> None:
    async def write(
        writer: Writer, slug: str, orders: Sequence[Order]
    ) -> Sequence[Placed | Refused]:
        asyncio.get_running_loop().create_task(commit(writer, slug, list(orders)))
        meta = next(iter(RELAYS)).current(slug).meta
        pixels = [Pixel(1, order.draw.x, order.draw.y, 1, order.username, 0) for order in orders]
        return [Placed(meta, pixel, 0) for pixel in pixels]

    commit = Writer._write
    patch.setattr(Writer, "_write", write)
    RELAYS.clear()
    begin = Relay.__init__

    def remember(relay: Relay, *args: object, **kwargs: object) -> None:
        begin(relay, *args, **kwargs)  # type: ignore[arg-type]  # as they come
        RELAYS.append(relay)

    patch.setattr(Relay, "__init__", remember)


RELAYS: list[Relay] = []


def a_relay_that_never_looks(patch: pytest.MonkeyPatch) -> None:
    async def check(relay: Relay) -> None:
        return

    patch.setattr(Relay, "check", check)


def an_overflow_without_a_resync(patch: pytest.MonkeyPatch) -> None:
    def overflow(hub: Hub, room: Room, socket: Socket) -> None:
        socket.outbox.drop()

    patch.setattr(Hub, "_overflow", overflow)


def an_outbox_without_a_bound(patch: pytest.MonkeyPatch) -> None:
    def put(outbox: Outbox, frames: object) -> bool:
        outbox._keep(frames) if outbox._task else outbox._write(frames)  # type: ignore[arg-type]
        return True

    patch.setattr(Outbox, "put", put)


def pixels_after_the_resync_that_stands_for_them(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Room, "without_resynced", lambda room, sockets: sockets)


def a_task_that_nobody_holds(patch: pytest.MonkeyPatch) -> None:
    async def wait() -> None:
        await asyncio.get_running_loop().create_future()

    def join(hub: Hub, stream: Stream, socket: Socket, since: int) -> None:
        asyncio.get_running_loop().create_task(wait())
        enter(hub, stream, socket, since)

    enter = Hub.join
    patch.setattr(Hub, "join", join)


def a_cooldown_of_half_the_time(patch: pytest.MonkeyPatch) -> None:
    def half(meta: CanvasMeta, *, guest: bool) -> Cooldown:
        whole = cooldown_of(meta, guest=guest)
        return replace(whole, cooldown_ms=whole.cooldown_ms // 2)

    patch.setattr(deciding, "cooldown_of", half)


def a_refusal_of_what_is_placed(patch: pytest.MonkeyPatch) -> None:
    async def place(writer: Writer, slug: str, order: Order) -> Placed:
        placed = await writer.submit(slug, order)
        if placed.pixel.seq % 10 == 0:
            raise NoChange
        return placed

    patch.setattr(Writer, "place", place)


def a_canvas_that_gets_the_answers_of_another(patch: pytest.MonkeyPatch) -> None:
    together = GroupCommit._place_group

    async def turned(commit: GroupCommit, batches: list[Batch]) -> Sequence[object]:
        return (await together(commit, batches))[::-1]

    patch.setattr(GroupCommit, "_place_group", turned)


def a_pod_that_draws_on_over_a_hole(patch: pytest.MonkeyPatch) -> None:
    def first_fault(meta: CanvasMeta, since: int, pixels: Sequence[Pixel]) -> LedgerFault | None:
        return None

    def fill(stream: Stream, pixels: Iterable[Pixel]) -> int:
        news = [pixel for pixel in pixels if pixel.seq > stream.last]
        for pixel in news:
            stream._apply(pixel)
        return len(news)

    patch.setattr(faults, "first_fault", first_fault)
    patch.setattr(Stream, "fill", fill)


def a_damage_that_is_never_looked_at_again(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(damaged_canvases, "FIRST_LOOK", 10.0**9)


def a_board_of_the_size_before(patch: pytest.MonkeyPatch) -> None:
    def load(
        ledger: CanvasLedger, kept: TipCopy | None
    ) -> tuple[Stream, LedgerFault | None, TipCopy | None]:
        stream, fault, copy = whole(ledger, kept)
        rules = ledger.past.rules_at(stream.last)
        stream.board.resize(rules.width, rules.height)
        return stream, fault, copy

    whole = CanvasLedger.load
    patch.setattr(CanvasLedger, "load", load)


def a_stored_board_that_needs_no_proof(patch: pytest.MonkeyPatch) -> None:
    def cells_of(stored: StoredBoard) -> bytes:
        return proof.unpack_any(bytes(stored.cells), stored.width * stored.height)

    patch.setattr(boards, "cells_of", cells_of)


def an_epoch_by_each_pod_that_finds_a_loss(patch: pytest.MonkeyPatch) -> None:
    settle = CanvasLedger.settle_ahead

    def settle_again(
        ledger: CanvasLedger, _known: int, seq: int, seen: Pixel | None, revision: int
    ) -> CanvasMeta:
        return settle(ledger, ledger.meta.epoch, seq, seen, revision)

    patch.setattr(CanvasLedger, "settle_ahead", settle_again)


def story(*faults: Fault, seed: int = 1) -> Plan:
    return Plan(seed, 3, 8, 12.0, 0.4, small=True, together=False, faults=faults)


LOSSY = story(*(Fault("lossy", 1.0, 11.0, pod, 0.6) for pod in range(3)))
VANISHED = story(Fault("vanish", 6.0, 0.0, 1, 0.5))
STALLS = tuple(Fault("stall", 3.0, 8.0, client, 0.5) for client in range(8))
STALLED = story(*STALLS)
KILLED_WHILE_PAUSED = story(
    Fault("pause", 3.0, 8.0, 0, 0.5),
    Fault("disconnect", 4.0, 0.0, 1, 0.5),
    Fault("kill", 6.0, 2.0, 0, 0.5),
)
WITHOUT_REDIS = story(Fault("redis_down", 5.0, 7.0, 0, 0.5))
CALM = story()
COOLING = replace(CALM, cooldown=500)
POSTED = replace(CALM, posts=0.6)
SLOW = Fault("database_slow", 2.0, 8.0, 0, 0.6)
FAILED_OVER = story(SLOW, *(Fault("failover", at, 0.0, 0, 0.9) for at in (5.0, 7.0, 9.0)))
SEVERAL = replace(story(SLOW), pods=2, clients=12, canvases=3)
HOLES = (
    Fault("cut", 4.0, 2.5, 0, 0.5),
    Fault("damage", 5.0, 3.0, 1, 0.0),
    Fault("disconnect", 6.0, 0.0, 1, 0.5),
)
DAMAGED = replace(story(*HOLES), canvases=2)
RESIZED = Fault("resize", 4.95, 0.0, 5, 0.5), Fault("damage", 5.0, 3.0, 12, 0.0)
SET_BACK = replace(story(*RESIZED), pace=0.1)
TIPS = (Fault("tips", at, 0.0, 0, 0.5) for at in (4.9, 6.9, 8.9))
KILLED = (Fault("kill", at, 1.0, pod, 0.5) for pod, at in enumerate((5.0, 7.0, 9.0)))
SPOILED = story(*TIPS, *KILLED)
COLORED = story(*(Fault("colors", at, 4.0, 0, 0.8) for at in (3.0, 5.0, 7.0)), SLOW)

PLANTED: list[tuple[Plant, Plan]] = [
    (a_stream_that_takes_a_seq_twice, CALM),
    (a_catch_up_that_skips_one, LOSSY),
    (a_relay_that_never_looks, WITHOUT_REDIS),
    (a_lease_that_never_runs_out, VANISHED),
    (a_lease_that_is_never_renewed, VANISHED),
    (a_writer_that_answers_before_the_commit, CALM),
    (an_overflow_without_a_resync, STALLED),
    (an_outbox_without_a_bound, STALLED),
    (pixels_after_the_resync_that_stands_for_them, STALLED),
    (a_task_that_nobody_holds, CALM),
    (a_cooldown_of_half_the_time, COOLING),
    (a_refusal_of_what_is_placed, POSTED),
    (a_canvas_that_gets_the_answers_of_another, SEVERAL),
    (a_pod_that_draws_on_over_a_hole, DAMAGED),
    (a_damage_that_is_never_looked_at_again, DAMAGED),
    (a_board_of_the_size_before, SET_BACK),
    (an_epoch_by_each_pod_that_finds_a_loss, FAILED_OVER),
    (a_stored_board_that_needs_no_proof, SPOILED),
]


WELL = {
    "calm": CALM,
    "lossy": LOSSY,
    "vanished": VANISHED,
    "stalled": STALLED,
    "killed while paused": KILLED_WHILE_PAUSED,
    "cooling": COOLING,
    "posted": POSTED,
    "several": SEVERAL,
    "damaged": DAMAGED,
    "set back": SET_BACK,
    "failed over": FAILED_OVER,
    "colored": COLORED,
    "spoiled": SPOILED,
}


@pytest.mark.parametrize("plan", WELL.values(), ids=WELL)
def test_without_one_all_is_well(plan: Plan) -> None:
    assert simulate(plan).wrong == ""


@pytest.mark.parametrize(("plant", "plan"), PLANTED, ids=[plant.__name__ for plant, _ in PLANTED])
def test_it_is_found(plant: Plant, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one of some histories: which one it matters in, any change of the code may move."""
    plant(monkeypatch)
    histories = (simulate(replace(plan, seed=plan.seed + more)) for more in range(HISTORIES))
    assert any(outcome.wrong for outcome in histories)
