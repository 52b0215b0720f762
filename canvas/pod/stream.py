"""The stream of one canvas: its board, the recent past, and placements that wait for a gap."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from accounts.names import DELETED
from canvas.domain import rules
from canvas.domain.board import Board
from canvas.domain.pixel import Pixel, Seen
from canvas.domain.rules import CanvasMeta, Draw
from canvas.ledger import segments
from canvas.pod.trail import CHUNK, Trail
from runtime.errors import Refused

MEMORY = 16_384  # placements kept for sockets that resume: about 4 MB a canvas
PIXEL_BYTES = 250  # that a remembered placement takes, about
MAX_WAITING = 4_096  # placements held back behind a gap; the ledger has those dropped


class Outcome(StrEnum):
    """The outcome of an offered placement."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    WAITING = "waiting"
    CONFLICT = "conflict"


class Stream:
    """Applies placements in the order of their seqs, each once.

    `last` is the seq of the board. Placements behind a gap wait until late messages or `fill` close
    it.
    """

    def __init__(self, meta: CanvasMeta, board: Board, recent: Sequence[Pixel] = ()) -> None:
        """Start from a board; `recent` are the placements that end with its seq, without a gap."""
        self.meta = meta
        self.board = board
        self._memory: list[Pixel | None] = [None] * MEMORY
        self._oldest = board.seq  # every seq after it and up to `last` is in memory
        self._waiting: dict[int, Pixel] = {}
        self._end: tuple[int, bytes] | None = None
        self.trail = Trail()
        for pixel in recent[-MEMORY:]:
            self._remember(pixel)
            self._oldest = min(self._oldest, pixel.seq - 1)

    @property
    def last(self) -> int:
        return self.board.seq

    @property
    def size(self) -> int:
        """The bytes of memory that it takes, about."""
        remembered = min(MEMORY, self.last - self._oldest)
        return len(self.board.cells) + 8 * MEMORY + PIXEL_BYTES * remembered

    @property
    def has_gap(self) -> bool:
        return bool(self._waiting)

    def seen(self, draw: Draw) -> Seen:
        """Look at the cell of a draw.

        It is not what is asked for in a draw that the rules refuse, nor in one over a placement:
        the ledger knows whether that is the newest.
        """
        try:
            color = rules.check_draw(self.meta, draw)
        except Refused:
            return Seen(None, has_asked_color=False)
        shown = self.board.cells[draw.y * self.board.width + draw.x]
        return Seen(shown, has_asked_color=draw.over is None and shown == color)

    def offer(self, pixel: Pixel) -> Outcome:
        """Take a placement from the broker or from this pod's own commit."""
        if pixel.seq <= self.last:
            return self._compare(pixel)
        if pixel.seq > self.last + 1:
            return self._hold(pixel)
        self._apply(pixel)
        self._drain()
        return Outcome.APPLIED

    def extend(self, pixels: Sequence[Pixel]) -> bool:
        """Take a commit that follows on the newest placement; return False for any other.

        It is what `offer` does for each of them, at a third of the cost.
        """
        if not pixels:
            return False
        before, first, last = self.board.seq, pixels[0].seq, pixels[-1].seq
        follows = first == before + 1 and last - before == len(pixels)
        ends_segment = (first - 1) // segments.SIZE != last // segments.SIZE
        if not follows or self._waiting or ends_segment:
            return False
        self.board.apply(pixels)
        memory = self._memory
        for pixel in pixels:
            memory[pixel.seq % MEMORY] = pixel
        for end in range(first + -first % CHUNK, last + 1, CHUNK):
            self.trail.add(self.between(end - CHUNK, end))
        return True

    def fill(self, pixels: Iterable[Pixel]) -> int:
        """Take placements read from the ledger; return how many were missing here."""
        missing = 0
        for pixel in pixels:
            if pixel.seq == self.last + 1:
                self._apply(pixel)
                missing += 1
        self._drain()
        return missing

    def rename(self, pixels: Iterable[Pixel]) -> None:
        """Take the names of placements that are remembered from these, read from the ledger."""
        for pixel in pixels:
            known = self.at(pixel.seq)
            if known is not None and known.is_same(pixel):
                self._remember(pixel)

    def at(self, seq: int) -> Pixel | None:
        """Return the placement of a seq, as far as it is remembered."""
        known = self._memory[seq % MEMORY]
        return known if known is not None and known.seq == seq else None

    def contradicts(self, pixel: Pixel | None) -> bool:
        """Tell whether another placement is remembered under the seq of this one of the ledger."""
        if pixel is None:
            return False
        known = self.at(pixel.seq)
        return known is not None and not known.is_same(pixel)

    def at_another_time(self, seq: int, time: object) -> bool:
        """Tell whether a placement is remembered that was made at another time than this one.

        `time` is in ms since 1970, as a message says it; any other value says nothing.
        """
        known = self.at(seq)
        return known is not None and type(time) is int and known.timestamp != time

    def waiting(self) -> frozenset[int]:
        """Return the seqs that wait behind a gap."""
        return frozenset(self._waiting)

    def forget(self, seqs: Iterable[int]) -> None:
        """Drop what waits under these seqs: the ledger, read since, lacks them."""
        for seq in seqs:
            self._waiting.pop(seq, None)

    def remembers(self, since: int) -> bool:
        """Tell whether all that follows a seq is in memory."""
        return since >= max(self._oldest, self.last - MEMORY)

    def trails(self, since: int) -> bool:
        """Tell whether what follows a seq is in the trail alone."""
        return not self.remembers(since) and self.trail.holds(since)

    def between(self, since: int, until: int) -> list[Pixel] | None:
        """Return the placements after `since` up to `until`; None for older than memory has."""
        if not self.remembers(since):
            return None
        memory = self._memory
        found = [memory[seq % MEMORY] for seq in range(since + 1, until + 1)]
        return [pixel for pixel in found if pixel is not None]

    def take_end(self) -> tuple[int, bytes] | None:
        """Return the seq and the cells at the newest segment's end that was passed, once."""
        end, self._end = self._end, None
        return end

    def _compare(self, pixel: Pixel) -> Outcome:
        """Compare a placement that was applied before with what it says now.

        The name of a person who was deleted since has left memory, not the message.
        """
        known = self.at(pixel.seq)
        if known is None or known == pixel:
            return Outcome.DUPLICATE
        is_nameless = known.username == DELETED and known.is_same(pixel)
        return Outcome.DUPLICATE if is_nameless else Outcome.CONFLICT

    def _hold(self, pixel: Pixel) -> Outcome:
        held = self._waiting.get(pixel.seq)
        if held is not None and held != pixel:
            del self._waiting[pixel.seq]  # one of the two is forged or broken
            return Outcome.CONFLICT
        if len(self._waiting) < MAX_WAITING:
            self._waiting[pixel.seq] = pixel
        return Outcome.WAITING

    def _apply(self, pixel: Pixel) -> None:
        self.board.apply((pixel,))
        self._remember(pixel)
        if pixel.seq % CHUNK == 0:
            self.trail.add(self.between(pixel.seq - CHUNK, pixel.seq))
        if pixel.seq % segments.SIZE == 0:
            self._end = pixel.seq, bytes(self.board.cells)

    def _remember(self, pixel: Pixel) -> None:
        self._memory[pixel.seq % MEMORY] = pixel

    def _drain(self) -> None:
        while pixel := self._waiting.pop(self.last + 1, None):
            self._apply(pixel)
        if self._waiting:
            last = self.last
            self._waiting = {seq: held for seq, held in self._waiting.items() if seq > last}
