"""All that a backup of one canvas holds: rows, rules, and the board at each seq."""

from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise

from canvas.domain.board import Board
from canvas.domain.cooldown import Spending
from canvas.domain.pixel import Pixel
from canvas.domain.rules import CanvasMeta
from canvas.ledger import reads, segments
from canvas.ledger.inserts import Additions, Row
from canvas.ledger.reads import Spot
from canvas.ledger.segments import End
from canvas.models import Tip

Key = tuple[str, str]  # an actor and a client's id


@dataclass
class Past:
    """`revisions` have the seq from which on each of the rules holds, `charged` all spendings, each
    with the newest seq then.
    """

    revisions: list[tuple[int, CanvasMeta]]
    rows: list[Row] = field(default_factory=list)
    retries: dict[Key, int] = field(default_factory=dict)
    charged: list[tuple[int, str, Spending]] = field(default_factory=list)
    spent: dict[str, Spending] = field(default_factory=dict)  # the newest of each actor
    boards: list[bytes] = field(default_factory=list)  # at each seq, under the rules after it
    sealed: int = 0  # the last seq in a segment
    tip: Tip | None = None
    commits: list[int] = field(default_factory=list)  # the last seq of each transaction

    @property
    def meta(self) -> CanvasMeta:
        return self.revisions[-1][1]

    @property
    def seq(self) -> int:
        return len(self.rows)

    @property
    def resized_at(self) -> int:
        """The seq of the newest resize, at which the whole board was stored."""
        sizes = [(since, (meta.width, meta.height)) for since, meta in self.revisions]
        changed = [since for (_, a), (since, b) in pairwise(sizes) if a != b]
        return changed[-1] if changed else 0

    def copy(self, last: int) -> "Past":
        """Return a backup of when `last` was the newest seq, or before: of whole transactions."""
        commits = [seq for seq in self.commits if seq <= last]
        last = commits[-1] if commits else 0
        charged = [each for each in self.charged if each[0] <= last]
        return Past(
            [each for each in self.revisions if each[0] <= last],
            self.rows[:last],
            {key: seq for key, seq in self.retries.items() if seq <= last},
            charged,
            {actor: spending for _seq, actor, spending in charged},
            self.boards[: last + 1],
            min(self.sealed, last - last % segments.SIZE),
            self.tip if self.tip is not None and self.tip.seq <= last else None,
            commits,
        )

    def append(self, additions: Additions) -> None:
        """Add rows that follow, the board at each, and what was written beside them."""
        meta = self.meta
        board = Board(meta.width, meta.height, self.seq, self.boards[self.seq])
        for row in additions.rows:
            board.apply([reads.pixel_of(row)])
            self.boards.append(bytes(board.cells))
        self.rows += additions.rows
        self.commits.append(self.seq)
        self.retries |= {(each.actor, each.client_id): each.seq for each in additions.retries}
        spent = {each.actor: Spending(each.at, each.charges) for each in additions.spent}
        self.charged += [(self.seq, actor, spending) for actor, spending in spent.items()]
        self.spent |= spent

    def change(self, meta: CanvasMeta) -> None:
        """Take other rules from the newest seq on; cells that are cut off are lost."""
        before = self.meta
        self.revisions.append((self.seq, meta))
        board = Board(before.width, before.height, 0, self.boards[-1])
        board.resize(meta.width, meta.height)
        self.boards[-1] = bytes(board.cells)

    def rules_at(self, seq: int) -> CanvasMeta:
        """Return the rules that hold after the placement with a seq."""
        return [meta for since, meta in self.revisions if since <= seq][-1]

    def go_on(self, board: Board, revision: int, last: int) -> None:
        """Bring a board that was stored under a revision to the seq `last`.

        Later rules apply after the placement with their seq.
        """
        later = [each for each in self.revisions if each[1].revision > revision]
        for row in (None, *self.rows[board.seq : last]):
            if row is not None:
                board.apply([reads.pixel_of(row)])
            for since, meta in later:
                if since == board.seq:
                    board.resize(meta.width, meta.height)

    def end(self, seq: int) -> End:
        """Return the board at the end of a segment; a resize at this seq comes after it."""
        rules = self.rules_at(seq - 1)
        board = Board(rules.width, rules.height, seq - 1, self.boards[seq - 1])
        board.apply([reads.pixel_of(self.rows[seq - 1])])
        return End(sha256(board.cells).hexdigest(), rules.width, rules.height)

    def pixels(self, since: int, until: int) -> list[Pixel]:
        return list(map(reads.pixel_of, self.rows[since:until]))

    def newest_at(self, seq: int) -> Spot | None:
        """Return the cell of a placement that no later one has drawn over."""
        if not 0 < seq <= self.seq:
            return None
        row = self.rows[seq - 1]
        later = any((each.x, each.y) == (row.x, row.y) for each in self.rows[seq:])
        return None if later else Spot(seq, row.x, row.y)
