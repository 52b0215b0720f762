"""The board that a client has: fetched, then drawn on by what the socket brings."""

from canvas.domain.board import Board
from canvas.domain.pixel import Pixel
from canvas.pod.board_cache import BoardCopy

STUCK = 4.0  # seconds without what the server has, until the client connects anew

Pixels = list[tuple[int, int, int, int]]


class LocalBoard:
    """`seq` is that of the cells, `head` the newest that the client has heard of.

    While a board is fetched `held` has what comes meanwhile.
    """

    def __init__(self) -> None:
        self.epoch: int | None = None
        self.seq = -1
        self.head = -1
        self.cells: Board | None = None
        self.lost_past = False  # it is of placements that the ledger has lost since
        self.held: list[Pixels] | None = None
        self.stuck_since: float | None = None

    def is_stuck(self, now: float, *, watches: bool) -> bool:
        """Tell whether a client that watches has lacked what it has heard of for STUCK."""
        if not watches or self.held is not None or self.seq >= self.head:
            self.stuck_since = None
        elif self.stuck_since is None:
            self.stuck_since = now
        return self.stuck_since is not None and now - self.stuck_since > STUCK

    def hold(self) -> None:
        """Hold back what comes, until a board is there."""
        if self.held is None:
            self.held = []

    def begin(self, epoch: int, seq: int) -> None:
        """Begin another past, of which no board is there yet."""
        self.epoch, self.head, self.held = epoch, seq, []

    def install(self, copy: BoardCopy) -> bool:
        """Take a copy, and what was held back; return False where some are missing between."""
        held, self.held = self.held or [], None
        meta = copy.meta
        self.cells = Board(meta.width, meta.height, copy.seq, copy.cells)
        self.seq, self.head = copy.seq, max(self.head, copy.seq)
        return all(self.take(pixels) for pixels in held)

    def take(self, pixels: Pixels) -> bool:
        """Draw pixels; return False where some are missing before them."""
        first, last = pixels[0][0], pixels[-1][0]
        self.head = max(self.head, last)
        if last <= self.seq:
            return True
        if first > self.seq + 1 or self.cells is None:
            return False
        news = [each for each in pixels if each[0] > self.seq]
        self.cells.apply(Pixel(seq, x, y, color, "", 0) for seq, x, y, color in news)
        self.seq = last
        return True
