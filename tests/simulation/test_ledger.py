"""The ledger in memory answers as the SQL does."""

import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from accounts.people import Person
from canvas import services, signals
from canvas.domain.pixel import Pixel, Seen
from canvas.domain.rules import CanvasMeta, Draw
from canvas.ledger import fold, reads, segments, tips
from canvas.ledger.placing import Order, Placed
from canvas.ledger.tip_copies import TipCopy
from canvas.models import Canvas, Tip
from canvas.pod import sealer, streams
from canvas.pod.stream import Stream
from canvas.services import Batch, Cell
from simulation import tip
from simulation.canvas_ledger import CanvasLedger
from simulation.damage import WHOLE, Damage
from simulation.ledger import MemoryLedger
from tests.canvas.helpers import ALICE, BOB, PALETTE, lose

pytestmark = pytest.mark.both_databases

STEPS = 150
SPOILED = 0.3  # of the steps that may spoil a tip
SIDE = 6


class Both:
    """The two ledgers, each asked the same. Times and epochs are the SQL's own, so they are left
    out of what is compared.
    """

    def __init__(self, canvases: Sequence[Canvas], chance: random.Random) -> None:
        metas = [canvas.meta() for canvas in canvases]
        self.chance = chance
        self.memory = MemoryLedger(metas, lambda: 0.0, lambda: chance.getrandbits(50))
        self.told: list[Any] = []
        self.copies: list[tuple[TipCopy, TipCopy]] = []  # of tips, by SQL and by memory

    def on_committed(self, *, meta: CanvasMeta, pixels: list[Any], **_: object) -> None:
        self.told.append(("committed", meta.revision, [_plain(pixel) for pixel in pixels]))

    def on_changed(self, *, meta: CanvasMeta, seq: int, **_: object) -> None:
        self.told.append(("changed", meta.revision, seq))

    def canvas(self) -> CanvasLedger:
        return self.memory.canvas("main")

    def meta(self) -> CanvasMeta:
        return reads.head("main").meta

    def same(self, function: Callable[..., Any], *args: Any) -> None:
        """Ask both; the answers and the signals have to be equal."""
        by_sql = _plain(_outcome(lambda: function(*args)))
        told, self.told = self.told, []
        by_memory = _plain(_outcome(lambda: self.memory.answer(function, args)))
        assert by_sql == by_memory, function
        assert told == self.told, function
        self.told = []

    def store_due(self) -> None:
        """Seal, and renew the tip; the copies of it have to be equal."""
        by_sql = sealer.store_due("main")
        by_memory = self.memory.answer(sealer.store_due, ("main",))
        assert _plain(by_sql) == _plain(by_memory)
        self.copies += [(by_sql, by_memory)] if by_sql else []

    def spoil_tip(self) -> None:
        past = self.canvas().past
        past.tip = tip.spoiled(past.tip)
        if past.tip is not None:
            Tip.objects.filter(canvas__slug="main").update(cells=past.tip.cells)

    def load(self) -> None:
        """Load a stream with a copy of the tip, of now or before, or with none."""
        by_sql, by_memory = self.chance.choice([(None, None), *self.copies[-2:]])
        found = streams._read("main", by_sql)
        assert _plain(found) == _plain(self.memory.answer(streams._read, ("main", by_memory)))

    def change(self, by_sql: Callable[[], object], by_memory: Callable[[], object]) -> None:
        by_sql()
        told, self.told = self.told, []
        by_memory()
        assert told == self.told
        self.told = []


def _outcome(function: Callable[[], Any]) -> Any:
    try:
        return function()
    except Exception as error:  # of any kind: both have to raise the same
        return type(error)


def _plain(value: Any) -> Any:
    """Leave out times and epochs."""
    if isinstance(value, TipCopy):
        return value.seq, value.sha256, value.cells
    if isinstance(value, CanvasMeta):
        return value.revision, value.width, value.height, value.palette, value.charges
    if isinstance(value, Pixel):
        return value[:5]
    if isinstance(value, Placed):
        return _plain(value.meta), _plain(value.pixel), value.charges_left
    if isinstance(value, Stream):
        last = value.last
        return (
            _plain(value.meta),
            bytes(value.board.cells),
            _plain(value.between(max(0, last - 5), last)),
        )
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Exception):
        return type(value)
    return value


@pytest.mark.parametrize("seed", range(3))
def test_any_questions_have_the_same_answers(
    main: Canvas, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = (fold, "PAGE", 4), (segments, "SIZE", 16), (tips, "MAX_BEHIND", 12)
    for module, name, size in sizes:
        monkeypatch.setattr(module, name, size)
    services.configure("main", {"width": SIDE, "height": SIDE, "own_cooldown_ms": 0})
    chance = random.Random(seed)
    main.refresh_from_db()
    rules = {"width": SIDE, "height": SIDE, "palette": list(PALETTE), "own_cooldown_ms": 0}
    other = Canvas.objects.create(slug="other", **rules)
    both = Both([main, other], chance)
    signals.committed.connect(both.on_committed)
    signals.changed.connect(both.on_changed)
    try:
        for _ in range(STEPS):
            _step(both, chance)
    finally:
        signals.committed.disconnect(both.on_committed)
        signals.changed.disconnect(both.on_changed)
    assert both.canvas().seq > 60, "there was something to compare"
    assert both.memory.canvas("other").seq
    assert len(both.copies) > 2, "there were tips"


def _step(both: Both, chance: random.Random) -> None:
    meta, seq = both.meta(), both.canvas().seq
    some = chance.randrange(seq + 3)
    match chance.randrange(13):
        case 0 | 1 | 2 | 3:
            both.same(
                services.place, "main", [_order(chance, seq) for _ in range(chance.randint(1, 4))]
            )
        case 4:
            both.same(reads.head, chance.choice(["main", "none"]))
            batches = [Batch(slug, [_order(chance, seq)]) for slug in ("none", "main", "other")]
            both.same(services.place_together, batches)
            both.same(reads.compared, {"main": some, "other": 1})
        case 5:
            both.same(reads.page_after, meta, some)
        case 6:
            both.same(reads.pixels_after, meta, some, 7)
        case 7:
            both.load()
        case 8:
            both.store_due()
            ends = list(range(segments.SIZE, seq + 1, segments.SIZE))
            both.same(segments.ends, meta, ends)
        case 9:
            cells = [(x, chance.randrange(4), chance.randrange(3)) for x in range(4)]
            moderators = [Cell(*cell, "moderator") for cell in cells]
            both.change(
                lambda: services.overwrite("main", "operation:1", lambda _meta, _seq: moderators),
                lambda: both.memory.overwrite("main", cells),
            )
        case 10:
            changes = _changes(chance)
            shown = {
                key: tuple(each) if isinstance(each, list) else each
                for key, each in changes.items()
            }
            both.change(
                lambda: services.configure("main", changes),
                lambda: both.canvas().configure(**shown),
            )
        case 11:
            same, now = chance.random() < 0.5, both.canvas().meta.epoch
            seen = both.canvas().at(some)
            if seen is not None and not same:
                seen = seen._replace(color=seen.color + 1)
            by_sql = _as_stored(meta, seen, same=same)
            both.change(
                lambda: services.settle_ahead("main", meta.epoch, some, by_sql),
                lambda: both.memory.answer(services.settle_ahead, ("main", now, some, seen)),
            )
        case 12 if chance.random() < SPOILED:
            both.spoil_tip()


def _as_stored(meta: CanvasMeta, seen: Pixel | None, *, same: bool) -> Pixel | None:
    """Return what the SQL has under that seq; its times are others than in memory."""
    if seen is None or not same:
        return seen
    return reads.pixel_at(meta.id, seen.seq)


def _order(chance: random.Random, seq: int) -> Order:
    person: Person = chance.choice([ALICE, BOB])
    client_id = chance.choice([None, str(chance.randrange(30))])
    over = chance.choice([None, None, chance.randrange(1, seq + 2)])
    shown = chance.choice([None, Seen(1, has_asked_color=False), Seen(1, has_asked_color=True)])
    x, y = chance.randrange(SIDE + 1), chance.randrange(SIDE)
    return Order(person, Draw(x, y, chance.choice(PALETTE), client_id, None, over), shown)


def _changes(chance: random.Random) -> dict[str, Any]:
    one: list[dict[str, Any]] = [
        {"charges": chance.randint(1, 5)},
        {"width": chance.randint(4, 8), "height": chance.randint(4, 8)},
        {"palette": [*PALETTE[:3], *reversed(PALETTE[3:])]},
        {"frozen": False},
    ]
    return chance.choice(one)


def _no_damage(main: Canvas) -> Damage:
    return WHOLE


def _a_hole(main: Canvas) -> Damage:
    lose(main, 7, 8)
    return Damage(missing=range(7, 9))


def _a_lost_end(main: Canvas) -> Damage:
    lose(main, 19, 20)
    return Damage(missing=range(19, 21))


def _a_canvas_that_says_less(main: Canvas) -> Damage:
    Canvas.objects.filter(pk=main.pk).update(seq=18)
    return Damage(less=2)


DAMAGES = [_no_damage, _a_hole, _a_lost_end, _a_canvas_that_says_less]


@pytest.mark.parametrize("resized_at", [None, 5, 12, 19])
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_ledger_has_the_same_answers(
    main: Canvas, damage: Callable[[Canvas], Damage], resized_at: int | None
) -> None:
    services.configure("main", {"width": SIDE, "height": SIDE})
    main.refresh_from_db()
    chance = random.Random(1)
    both = Both([main], chance)
    for number in range(20):
        order = Order(ALICE, Draw(number % SIDE, number // SIDE, PALETTE[1], str(number)))
        if number == resized_at:
            services.configure("main", {"width": SIDE + 2, "height": SIDE - 2})
            both.canvas().configure(width=SIDE + 2, height=SIDE - 2)
        both.same(services.place, "main", [order])
    both.canvas().damage = damage(main)
    meta = both.meta()
    for seq in (0, 6, 7, 17, 20):
        both.same(reads.compared, {"main": seq})
        both.same(reads.page_after, meta, seq)
        both.same(reads.pixels_after, meta, seq, 5)
    both.same(streams._read, "main", None)
    for client_id in ("30", "6"):  # of a row that is gone, a retry cannot be answered
        color = PALETTE[1] if client_id == "6" else PALETTE[2]
        order = Order(ALICE, Draw(int(client_id) % SIDE, 1, color, client_id))
        both.same(services.place, "main", [order])
