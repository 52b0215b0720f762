"""The canvas that a data set is read for, and what its values mean there."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from history.datasets.persons import Persons
from history.datasets.texts import FARTHEST, Moments, Numbers, shown
from history.errors import BadValue


@dataclass(frozen=True)
class Target:
    """The canvas that a data set is read for, or written of.

    `origin` is the coordinate of its left upper cell in the data set. A colour that is not in the
    palette is an error, or with `nearest` the nearest one of it.
    """

    width: int
    height: int
    palette: tuple[str, ...]
    origin: tuple[int, int] = (0, 0)
    nearest: bool = False
    key: bytes = b""  # of an import, for its persons

    @cached_property
    def moments(self) -> Moments:
        return Moments()

    @cached_property
    def persons(self) -> Persons:
        return Persons(self.key)

    @cached_property
    def xs(self) -> Numbers:
        left = self.origin[0]
        return Numbers("x", left, left + self.width - 1, left)

    @cached_property
    def ys(self) -> Numbers:
        top = self.origin[1]
        return Numbers("y", top, top + self.height - 1, top)

    @cached_property
    def indices(self) -> Numbers:
        return Numbers("color", 0, len(self.palette) - 1)

    @cached_property
    def radii(self) -> Numbers:
        return Numbers("R", 0, FARTHEST)

    @cached_property
    def colors(self) -> "Colors":
        return Colors(self.palette, nearest=self.nearest)


class Colors(dict[bytes, int]):
    """The index of each colour, by its text #RRGGBB. One that is not there raises BadValue."""

    def __init__(self, palette: Iterable[str], *, nearest: bool) -> None:
        super().__init__((color.encode(), index) for index, color in enumerate(palette))
        self._nearest = nearest
        self._values = {index: _rgb(color) for color, index in self.items()}

    def __missing__(self, text: bytes) -> int:
        upper = text.upper()
        if upper != text and upper in self:
            return self[upper]
        if not self._nearest:
            raise BadValue(f"{shown(text)} is not in the palette")
        try:
            wanted = _rgb(text)
        except ValueError:
            raise BadValue(f"{shown(text)} is no colour in the form #RRGGBB") from None
        return min(self._values, key=lambda index: _distance(self._values[index], wanted))


def _rgb(text: bytes) -> tuple[int, int, int]:
    if len(text) != 7 or text[:1] != b"#":
        raise ValueError(text)
    red, green, blue = bytes.fromhex(text[1:].decode("ascii", "strict"))
    return red, green, blue


def _distance(one: tuple[int, int, int], other: tuple[int, int, int]) -> int:
    """Return how far two colours are apart, squared and weighted as the eye sees them."""
    weights = (2, 4, 3)
    return sum(w * (a - b) ** 2 for w, a, b in zip(weights, one, other, strict=True))
