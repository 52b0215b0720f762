"""The checker: what people were told and saw, held against the ledger. No input or output here."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple


class Kind(StrEnum):
    """The kinds of violations, as the columns of the report."""

    LOST = "acked lost"
    DOUBLED = "doubled"
    DISORDERED = "out of order"
    HOLE = "holes"
    REFUSED = "5xx"
    UNANSWERED = "unanswered"
    UNEXPECTED = "unexpected errors"
    FEW = "too little"
    BROKEN = "stress broken"
    LATE = "late"


class Violation(NamedTuple):
    kind: Kind
    what: str


class Pixel(NamedTuple):
    """A cell and its palette index."""

    x: int
    y: int
    color: int


class Row(NamedTuple):
    """A placement of the ledger; `placed_at` in seconds."""

    seq: int
    pixel: Pixel
    actor: str
    placed_at: float


class Ack(NamedTuple):
    """An answer to a placement: what it says, to whom, and when it came (event loop's clock)."""

    actor: str
    asked: Pixel
    seq: int
    pixel: Pixel
    at: float


class Held(NamedTuple):
    """A client's board, at the position that the client thinks it has."""

    name: str
    seq: int
    cells: bytes


@dataclass
class Observed:
    """Records of one round: what people asked for, were told and saw."""

    asks: Counter[tuple[str, Pixel]] = field(default_factory=Counter)
    acks: list[Ack] = field(default_factory=list)
    delivered: dict[int, Pixel] = field(default_factory=dict)  # by seq, in the ledger's epoch
    boards: list[Held] = field(default_factory=list)
    noticed: list[Violation] = field(default_factory=list)
    unanswered: int = 0
    drawn: int = 0  # acks over WebSockets
    fewest: int = 0  # of them that there have to be, or the round has tried nothing
    is_probed: bool = False  # whether there are requests beside the sockets
    probed: int = 0  # of them that were answered
    forfeited_before: float = 0.0  # acks until then may be of a past that is lost
    forfeited_after: int = 0  # the newest seq that was not lost with them


@dataclass
class Ledger:
    """The ledger's end: the board of `width` cells a row before the first of `rows`."""

    width: int
    before: int  # the seq of `board`
    board: bytes
    rows: Sequence[Row]

    @property
    def head(self) -> int:
        return self.before + len(self.rows)

    def row(self, seq: int) -> Row | None:
        index = seq - self.before - 1
        return self.rows[index] if 0 <= index < len(self.rows) else None

    def folds(self, seqs: Iterable[int]) -> Mapping[int, bytes]:
        """Return the board at each of these seqs that the rows reach."""
        wanted = set(seqs)
        cells = bytearray(self.board)
        found = {self.before: bytes(cells)}
        for row in self.rows:
            cells[row.pixel.y * self.width + row.pixel.x] = row.pixel.color
            if row.seq in wanted or row is self.rows[-1]:
                found[row.seq] = bytes(cells)
        return found


def judge(observed: Observed, ledger: Ledger) -> list[Violation]:
    """Return all that is wrong."""
    return [
        *observed.noticed,
        *_order(ledger),
        *_placements(observed, ledger),
        *_acks(observed, ledger),
        *_deliveries(observed, ledger),
        *_boards(observed, ledger),
        *_amount(observed),
        *(Violation(Kind.UNANSWERED, "an ask has no answer") for _ in range(observed.unanswered)),
    ]


def forfeited(observed: Observed) -> int:
    """Return how many acks are of the past that a failover has lost."""
    return sum(_is_forfeited(ack, observed) for ack in observed.acks)


def _is_forfeited(ack: Ack, observed: Observed) -> bool:
    return ack.at < observed.forfeited_before and ack.seq > observed.forfeited_after


def _order(ledger: Ledger) -> Iterator[Violation]:
    for expected, row in enumerate(ledger.rows, start=ledger.before + 1):
        if row.seq != expected:
            yield Violation(Kind.DISORDERED, f"the ledger has {row.seq} where {expected} is due")
            return
    for one, other in pairwise(ledger.rows):
        if other.placed_at < one.placed_at:
            yield Violation(Kind.DISORDERED, f"{other.seq} was placed before {one.seq}")


def _placements(observed: Observed, ledger: Ledger) -> Iterator[Violation]:
    """Each pixel is placed once for each time that it was asked for, at most."""
    placed = Counter((row.actor, row.pixel) for row in ledger.rows)
    for (actor, pixel), count in placed.items():
        if count > observed.asks[actor, pixel]:
            times = observed.asks[actor, pixel]
            what = f"{actor} asked {times} times for {pixel}, which was placed {count} times"
            yield Violation(Kind.DOUBLED, what)


def _acks(observed: Observed, ledger: Ledger) -> Iterator[Violation]:
    for ack in observed.acks:
        row = ledger.row(ack.seq)
        if _is_forfeited(ack, observed) or ack.seq <= ledger.before:
            continue
        if row is None or (row.actor, row.pixel) != (ack.actor, ack.asked):
            what = f"{ack.seq} was acknowledged to {ack.actor} for {ack.asked}, and is {row}"
            yield Violation(Kind.LOST, what)
        elif ack.pixel != ack.asked:
            yield Violation(Kind.LOST, f"{ack.asked} was acknowledged as {ack.pixel}")


def _deliveries(observed: Observed, ledger: Ledger) -> Iterator[Violation]:
    for seq, pixel in observed.delivered.items():
        row = ledger.row(seq)
        if seq > ledger.before and (row is None or row.pixel != pixel):
            yield Violation(Kind.HOLE, f"{seq} was delivered as {pixel}, and is {row}")


def _boards(observed: Observed, ledger: Ledger) -> Iterator[Violation]:
    """Each client has all there is, and its board is the fold up to its position."""
    folds = ledger.folds(held.seq for held in observed.boards)
    for name, seq, cells in observed.boards:
        if seq != ledger.head:
            yield Violation(Kind.HOLE, f"{name} is at {seq}, and the ledger at {ledger.head}")
        if seq not in folds or cells == folds[seq]:
            continue
        if len(cells) != len(folds[seq]):
            what = f"{name} has {len(cells)} of {len(folds[seq])} cells at {seq}"
        else:
            wrong = sum(one != other for one, other in zip(cells, folds[seq], strict=True))
            what = f"{name} has {wrong} wrong cells at {seq}"
        yield Violation(Kind.HOLE, what)


def _amount(observed: Observed) -> Iterator[Violation]:
    """Enough was drawn and asked for that the round says something."""
    if observed.drawn < observed.fewest:
        what = f"{observed.drawn} pixels were acknowledged, of {observed.fewest} at least"
        yield Violation(Kind.FEW, what)
    if observed.is_probed and not observed.probed:
        yield Violation(Kind.FEW, "no request beside the sockets was answered")
