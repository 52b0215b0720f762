"""The sizes and palettes that a canvas has had, and the board on its way through them."""

from collections import deque
from collections.abc import Sequence
from typing import TypedDict

from canvas.domain.board import Board
from canvas.domain.columns import Columns
from canvas.domain.rules import CanvasMeta
from canvas.ledger import revisions
from canvas.models import CanvasRevision


class Look(TypedDict):
    """Size and palette from the end of a placement on, by its number from 1; the first from 0.

    `at` is in ms since 1970.
    """

    seq: int
    at: int
    revision: int
    epoch: int
    width: int
    height: int
    palette: list[str]


def looks_of(meta: CanvasMeta) -> list[Look]:
    """Return the sizes and palettes that a canvas has had, the oldest first."""
    rows = CanvasRevision.objects.filter(canvas_id=meta.id, revision__lte=meta.revision)
    times = {row.revision: round(row.at.timestamp() * 1000) for row in rows.only("revision", "at")}
    found: list[Look] = []
    for seq, rules in revisions.metas(meta):
        look: Look = {
            "seq": seq if found else 0,
            "at": times.get(rules.revision, 0),
            "revision": rules.revision,
            "epoch": rules.epoch,
            "width": rules.width,
            "height": rules.height,
            "palette": list(rules.palette),
        }
        if rules.revision <= meta.revision and (not found or _seen(found[-1]) != _seen(look)):
            found.append(look)
    return found


def _seen(look: Look) -> tuple[int, int, int, list[str]]:
    return look["epoch"], look["width"], look["height"], look["palette"]


class Folding:
    """A board that placements are drawn on, resized where its canvas was; `look` is that of now.

    The looks ahead may get their seqs later than the first placement is drawn.
    """

    def __init__(self, looks: Sequence[Look], board: Board | None = None) -> None:
        """Begin with the first look, or go on from a board that has the looks up to its seq."""
        self.board = board or Board(looks[0]["width"], looks[0]["height"])
        self.look = looks[0]
        self._ahead = deque(looks[1:])
        while board and self._ahead and self._ahead[0]["seq"] <= board.seq:
            self.look = self._ahead.popleft()

    def draw(self, columns: Columns) -> None:
        """Draw placements that follow the board's seq."""
        if not columns.seqs:
            return
        last = columns.seqs[-1]
        while self._ahead and self._ahead[0]["seq"] < last:
            self.board.draw(columns.between(self.board.seq, self._ahead[0]["seq"]))
            self._change()
        self.board.draw(columns.between(self.board.seq, last))

    def settle(self, seq: int) -> None:
        """Apply the looks up to a seq, which the board has reached."""
        while self._ahead and self._ahead[0]["seq"] <= seq:
            self._change()

    def _change(self) -> None:
        self.look = self._ahead.popleft()
        self.board.resize(self.look["width"], self.look["height"])
