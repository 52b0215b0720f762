"""A template: an image of palette indices, and its bytes as clients get them."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

import numpy as np

MAGIC = b"PXB1"
HEAD = struct.Struct("<4sHHB")  # magic, width, height, number of colours
COLOR_SIZE = 4  # bytes: index, red, green, blue
LEAVE = 255  # the index of a cell that a template leaves alone
MAX_SIDE = 4096  # cells
MAX_CELLS = MAX_SIDE * MAX_SIDE


class BadTemplate(ValueError):
    """Raised for bytes that are no template; the text is for people."""


@dataclass(frozen=True)
class Template:
    """An image of `width` x `height` palette indices, row by row; LEAVE for a cell left alone.

    `colors` are the indices in use and what colour each was (#RRGGBB) when the image was made.
    """

    width: int
    height: int
    colors: Mapping[int, str]
    cells: bytes

    @cached_property
    def counts(self) -> dict[int, int]:
        """The number of cells of each index in use, in rising order of the index."""
        found = np.bincount(np.frombuffer(self.cells, np.uint8), minlength=256)
        return {index: int(found[index]) for index in self.colors}

    @property
    def painted(self) -> int:
        """The number of cells that are not left alone."""
        return sum(self.counts.values())

    @cached_property
    def content(self) -> bytes:
        """The bytes that `docs/blueprints-api.md` describes."""
        head = HEAD.pack(MAGIC, self.width, self.height, len(self.colors))
        colors = b"".join(
            bytes((index,)) + bytes.fromhex(color[1:]) for index, color in self.colors.items()
        )
        return head + colors + self.cells

    @cached_property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


def of_cells(width: int, height: int, cells: bytes, palette: Mapping[int, str]) -> Template:
    """Make a template of cells whose indices are all in the palette; raise BadTemplate."""
    check_size(width, height)
    if len(cells) != width * height:
        raise BadTemplate(f"{width} x {height} cells were said, {len(cells)} came.")
    used = np.flatnonzero(np.bincount(np.frombuffer(cells, np.uint8), minlength=256)).tolist()
    colors = {index: palette.get(index, "") for index in used if index != LEAVE}
    if not colors:
        raise BadTemplate("It leaves every cell alone.")
    if missing := [index for index, color in colors.items() if not color]:
        raise BadTemplate(f"It uses index {missing[0]}, and does not say what colour that is.")
    return Template(width, height, colors, cells)


def decode(content: bytes) -> Template:
    """Read the bytes of a template, strictly: equal images have equal bytes. Raise BadTemplate."""
    if len(content) < HEAD.size or not content.startswith(MAGIC):
        raise BadTemplate("It does not begin as a template does.")
    _magic, width, height, number = HEAD.unpack_from(content)
    check_size(width, height)
    start = HEAD.size + COLOR_SIZE * number
    if len(content) != start + width * height:
        raise BadTemplate(f"{width} x {height} cells were said, and others came.")
    listed = [content[at : at + COLOR_SIZE] for at in range(HEAD.size, start, COLOR_SIZE)]
    colors = {each[0]: f"#{each[1:].hex().upper()}" for each in listed}
    if list(colors) != sorted(colors) or len(colors) != number or LEAVE in colors:
        raise BadTemplate("Its colours are not in rising order of their index, 0 to 254.")
    template = of_cells(width, height, content[start:], colors)
    if template.colors != colors:
        raise BadTemplate("It lists a colour that no cell has.")
    return template


def check_size(width: int, height: int) -> None:
    if not (1 <= width <= MAX_SIDE and 1 <= height <= MAX_SIDE):
        raise BadTemplate(f"A side has 1 to {MAX_SIDE} cells, not {width} x {height}.")
