"""What people on the shadow list are told: pixels that are in no ledger, remembered by this pod.

Each asks and is answered as if they were placed: the same id again gets the same pixel, and what
was drawn lies on its cell until another person draws there.
"""

from collections import OrderedDict
from typing import NamedTuple, TypeVar

from canvas.domain.pixel import Pixel

MAX_PEOPLE = 10_000  # remembered by a pod: the list is short, but a network on it has many guests
MAX_PIXELS = 100_000  # remembered by a pod, and as many answers to ids

Key = TypeVar("Key")
Value = TypeVar("Value")


class Withheld(NamedTuple):
    """A pixel that lies on a cell for its person alone, and the colour that it covers there."""

    pixel: Pixel
    beneath: int | None


# By the epoch of the canvas and the person: in another past there is nothing of it.
_last: OrderedDict[tuple[int, str], int] = OrderedDict()
_pixels: OrderedDict[tuple[int, str, int, int], Withheld] = OrderedDict()
_answered: OrderedDict[tuple[int, str, str], Pixel] = OrderedDict()
_people: OrderedDict[str, None] = OrderedDict()


def next_seq(epoch: int, actor: str, newest: int) -> int:
    """Return the seq that the next placement of this person would have had.

    `newest` is that of the newest placement. What a person was told before counts, so that several
    pixels while nobody else draws have several seqs.
    """
    key = (epoch, actor)
    seq = max(newest, _last.pop(key, 0)) + 1
    _keep(_last, key, seq, MAX_PEOPLE)
    return seq


def remember(epoch: int, actor: str, client_id: str | None, withheld: Withheld) -> None:
    """Have the pixel lie on its cell for this person, and answer its id again."""
    pixel = withheld.pixel
    _keep(_people, actor, None, MAX_PEOPLE)
    _keep(_pixels, (epoch, actor, pixel.x, pixel.y), withheld, MAX_PIXELS)
    if client_id is not None:
        _keep(_answered, (epoch, actor, client_id), pixel, MAX_PIXELS)


def answered(epoch: int, actor: str, client_id: str | None) -> Pixel | None:
    """Return the pixel that an id of this person has been answered with."""
    return None if client_id is None else _answered.get((epoch, actor, client_id))


def on_cell(epoch: int, actor: str, x: int, y: int, top: int | None) -> Pixel | None:
    """Return the pixel of this person that lies on a cell which has the colour `top` for others.

    None where the cell had another colour before: a person has drawn over it since.
    """
    found = _pixels.get((epoch, actor, x, y))
    return found.pixel if found is not None and found.beneath == top else None


def has_any(actor: str) -> bool:
    """Tell whether this pod has withheld a pixel of this person."""
    return actor in _people


def _keep(kept: OrderedDict[Key, Value], key: Key, value: Value, most: int) -> None:
    """Put a value last, and drop the oldest beyond the bound."""
    kept.pop(key, None)
    kept[key] = value
    if len(kept) > most:
        kept.popitem(last=False)
