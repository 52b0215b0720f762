"""The frames of a film: each the board of its moment, with the size and palette of then."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from canvas.domain.board import Board
from canvas.domain.columns import Columns
from canvas.domain.redaction import redact
from canvas.domain.rules import CanvasMeta
from canvas.ledger import reads, revisions, rows, segment_format, segments, tips
from canvas.ledger.fold import Fold
from history.timelapse.film import Film

PAGE = 65_536  # rows that no segment has, in memory
OUTSIDE = (0x80, 0x80, 0x80)  # where the canvas was smaller than the region


class Stretch(NamedTuple):
    """Placements that follow one another, and when they were made, in ms since 1970."""

    columns: Columns
    times: Sequence[int]


def frames(film: Film) -> Iterator[Image.Image]:
    """Yield each frame as an image with a palette, or in RGB where it is made smaller.

    Raise Hole where the ledger is damaged. One segment and one board are in memory.
    """
    painter = _Painter(film)
    start = reads.seq_at(film.meta, datetime.fromtimestamp(film.moments[0] / 1000, UTC), film.last)
    fold = tips.load_fold(film.meta, start)
    waiting = list(reversed(film.moments))
    for columns, times in _stretches(film.meta, start, film.last):
        while waiting and waiting[-1] < times[-1]:
            _go_on(fold, columns, bisect_right(times, waiting.pop()))
            yield painter.paint(fold)
        _go_on(fold, columns, len(times))
    for _moment in waiting:
        yield painter.paint(fold)


def _go_on(fold: Fold, columns: Columns, count: int) -> None:
    """Draw the first placements of a stretch, so many, as far as they are not drawn yet."""
    if count:
        fold.take(columns.between(fold.seq, columns.seqs[count - 1]))
        fold.settle(fold.seq)


def _stretches(meta: CanvasMeta, since: int, until: int) -> Iterator[Stretch]:
    """Yield what follows a seq, by segments where they are believed and by rows elsewhere."""
    near = segments.of(meta).filter(first_seq__gt=since - segments.SIZE, first_seq__lte=until)
    for segment in segments.one_by_one(near):
        content = segments.believed(segment)
        if content is None or segment.last_seq <= since:
            continue
        if since < segment.first_seq - 1:
            yield from _rows(meta, since, segment.first_seq - 1)
        found = segment_format.decode(content)
        skipped = max(0, since + 1 - segment.first_seq)
        columns = found.columns.between(since, until)
        yield Stretch(columns, found.times[skipped : skipped + len(columns.seqs)])
        since = columns.seqs[-1]
    yield from _rows(meta, since, until)


def _rows(meta: CanvasMeta, since: int, until: int) -> Iterator[Stretch]:
    newest = 0
    while since < until:
        found = rows.read(meta, since, min(since + PAGE, until))
        times = segment_format.rising(found.times, newest)
        newest, since = times[-1], found.columns.seqs[-1]
        yield Stretch(found.columns, times)


class _Painter:
    """Paints boards in the form of a film."""

    def __init__(self, film: Film) -> None:
        self._film = film
        metas = revisions.metas(film.meta)
        self._palettes = {rules.revision: rules.palette for _seq, rules in metas}

    def paint(self, fold: Fold) -> Image.Image:
        """Return the region of a board, redacted, in the size of the film."""
        board = Board(*fold.board.size, fold.seq, bytes(fold.board.cells))
        redact(board, self._film.meta.redacted)
        colors = self._palettes.get(fold.rules.revision, self._film.meta.palette)
        image = Image.fromarray(self._cells(board, len(colors)))
        image.putpalette(_palette(colors))
        return self._resized(image)

    def _cells(self, board: Board, outside: int) -> npt.NDArray[np.uint8]:
        """Return the cells of the region; those beyond the board are `outside`, or background
        where the palette has no index left.
        """
        area = self._film.area
        cells = np.frombuffer(board.cells, np.uint8).reshape(board.height, board.width)
        part = cells[area.y : area.bottom, area.x : area.right]
        if part.shape == (area.height, area.width):
            return np.ascontiguousarray(part)
        whole = np.full((area.height, area.width), outside if outside < 256 else 0, np.uint8)
        whole[: part.shape[0], : part.shape[1]] = part
        return whole

    def _resized(self, image: Image.Image) -> Image.Image:
        size = self._film.size
        if size == image.size:
            return image
        if size[0] >= image.width:
            return image.resize(size, Image.Resampling.NEAREST)
        return image.convert("RGB").resize(size, Image.Resampling.BOX)


def _palette(colors: Sequence[str]) -> bytes:
    plain = b"".join(bytes.fromhex(color[1:]) for color in colors)
    return (plain + bytes(OUTSIDE))[: 3 * 256]
