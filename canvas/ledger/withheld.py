"""Pixels that people on the shadow list are told of: they are in no ledger, remembered by this pod.

Each asks and is answered as if they were placed: the same id again gets the same pixel, and what
was drawn lies on its cell until another person draws there.
"""

from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock
from typing import NamedTuple, TypeVar

from canvas.domain.pixel import Pixel

MAX_PEOPLE = 10_000  # remembered by a pod: the list is short, but a network on it has many guests
MAX_PIXELS = 100_000  # remembered by a pod, and as many answers to ids

Key = TypeVar("Key")
Value = TypeVar("Value")


class Withheld(NamedTuple):
    """A pixel that lies on a cell for its person alone, and the colour that it covers there.

    It is of one epoch of its canvas: in another past there is nothing of it.
    """

    epoch: int
    actor: str
    client_id: str | None
    pixel: Pixel
    beneath: int | None


class WithheldPixels:
    """Withheld pixels by what is asked of them, up to MAX_PEOPLE and MAX_PIXELS."""

    def __init__(self) -> None:
        # By the epoch of the canvas and the person.
        self._last: OrderedDict[tuple[int, str], int] = OrderedDict()
        self._pixels: OrderedDict[tuple[int, str, int, int], Withheld] = OrderedDict()
        self._answered: OrderedDict[tuple[int, str, str], Pixel] = OrderedDict()
        self._people: OrderedDict[str, None] = OrderedDict()
        self._lock = Lock()  # the canvases of a pod commit in several threads

    def remember(self, withheld: Iterable[Withheld]) -> None:
        """Have each pixel lie on its cell for its person, and answer its id again."""
        with self._lock:
            for each in withheld:
                self._remember(each)

    def forget_all(self) -> None:
        """Begin anew, as a pod that starts."""
        with self._lock:
            for kept in (self._last, self._pixels, self._answered, self._people):
                kept.clear()

    def last_seq(self, epoch: int, actor: str) -> int:
        """Return the seq of the newest pixel of a person, 0 without one."""
        return self._last.get((epoch, actor), 0)

    def answered(self, epoch: int, actor: str, client_id: str | None) -> Pixel | None:
        """Return the pixel that an id of this person has been answered with."""
        return None if client_id is None else self._answered.get((epoch, actor, client_id))

    def on_cell(self, epoch: int, actor: str, x: int, y: int) -> Withheld | None:
        """Return the newest pixel of this person on a cell."""
        return self._pixels.get((epoch, actor, x, y))

    def has_any(self, actor: str) -> bool:
        """Tell whether there is a pixel of this person."""
        return actor in self._people

    def _remember(self, withheld: Withheld) -> None:
        epoch, actor, client_id, pixel, _beneath = withheld
        _keep(self._people, actor, None, MAX_PEOPLE)
        _keep(self._last, (epoch, actor), pixel.seq, MAX_PEOPLE)
        _keep(self._pixels, (epoch, actor, pixel.x, pixel.y), withheld, MAX_PIXELS)
        if client_id is not None:
            _keep(self._answered, (epoch, actor, client_id), pixel, MAX_PIXELS)


def _keep(kept: OrderedDict[Key, Value], key: Key, value: Value, most: int) -> None:
    """Put a value last, and drop the oldest beyond the bound."""
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > most:
        kept.popitem(last=False)


told = WithheldPixels()  # of the placements that this pod has committed
