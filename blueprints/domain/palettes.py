"""The way from the colours of a picture to the indices of a palette."""

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from blueprints.domain.template import LEAVE

UNKNOWN = 256  # in the table: the palette does not have it
CHUNK = 2**14  # colours compared with the palette at a time
CUBE = 2**24  # colours of 8 bits a channel

Packed = NDArray[np.uint32]  # 0xRRGGBB each
Floats = NDArray[np.float32]

# Björn Ottosson's Oklab: linear sRGB to cone responses, and their cube roots to L, a, b
TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    np.float32,
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ],
    np.float32,
)


class TooSlow(Exception):
    """Raised for a picture that takes longer than it may."""


class ColorTable:
    """Tells for each colour of a picture the index of a palette; looks each colour up once."""

    def __init__(self, palette: Sequence[str], offered: Sequence[int], deadline: float) -> None:
        """`offered` are the indices that `nearest` may choose; `deadline` by time.monotonic."""
        self._deadline = deadline
        self._table = np.full(CUBE, UNKNOWN, np.uint16)
        packed = [int(color[1:], 16) for color in palette[:LEAVE]]
        self._table[packed] = np.arange(len(packed), dtype=np.uint16)
        self._offered = np.array([each for each in offered if each < LEAVE], np.uint16)
        self._lab = oklab(np.array(packed, np.uint32)[self._offered])

    def exact(self, colors: Packed) -> NDArray[np.uint16]:
        """Return the index of each colour, UNKNOWN where the palette does not have it."""
        return self._table[colors]

    def nearest(self, colors: Packed) -> NDArray[np.uint16]:
        """Return the index of each colour, or that of the nearest one on offer; raise TooSlow."""
        table = self._table
        found = table[colors]
        missing = np.unique(colors[found == UNKNOWN])
        for start in range(0, len(missing), CHUNK):
            if time.monotonic() > self._deadline:
                raise TooSlow
            part = missing[start : start + CHUNK]
            table[part] = self._offered[self._closest(oklab(part))]
        return table[colors] if len(missing) else found

    def _closest(self, lab: Floats) -> NDArray[np.intp]:
        """Return for each colour the place of the least distance among those on offer."""
        square = (self._lab**2).sum(1)[None, :] - 2 * lab @ self._lab.T
        places: NDArray[np.intp] = square.argmin(1)
        return places


def oklab(colors: Packed) -> Floats:
    """Return L, a and b of each colour: distances there are as people see them."""
    channels = np.stack([colors >> 16, colors >> 8 & 255, colors & 255], 1).astype(np.float32) / 255
    low, high = channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4
    linear = np.where(channels <= 0.04045, low, high).astype(np.float32)
    lab: Floats = np.cbrt(linear @ TO_CONES.T) @ TO_LAB.T
    return lab
