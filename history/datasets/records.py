"""Placements as data sets carry them, in memory and in the sorted runs on disk."""

from dataclasses import dataclass, fields
from struct import Struct
from typing import Any

import numpy as np
import numpy.typing as npt

# A placement that was read, before it is sorted: time in ms since 1970, cell, colour, flags of
# a segment, person (64 bits, 0 for none), and the shape that it fills, with its other corner, or
# its radius in `x2`.
RECORD = np.dtype(
    [
        ("time", "<i8"),
        ("person", "<u8"),
        ("x", "<i4"),
        ("y", "<i4"),
        ("x2", "<i4"),
        ("y2", "<i4"),
        ("color", "u1"),
        ("flags", "u1"),
        ("shape", "u1"),
    ]
)
PACK = Struct("<q8siiiiBBB").pack  # a record, from its fields in that order; the person as bytes
NO_PERSON = bytes(8)

CELL, RECTANGLE, CIRCLE = range(3)  # shapes

PERSON_BYTES = 30  # of a hash in an export: 40 characters of base64 without padding

Records = npt.NDArray[np.void]


@dataclass(frozen=True, slots=True)
class Batch:
    """Placements of an export that follow one another, by NumPy columns of one length.

    `persons` has PERSON_BYTES bytes a row, zeros where a person is not known or has left.
    """

    times: npt.NDArray[np.int64]
    xs: npt.NDArray[np.uint16]
    ys: npt.NDArray[np.uint16]
    colors: npt.NDArray[np.uint8]
    flags: npt.NDArray[np.uint8]
    persons: npt.NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.times)

    def part(self, start: int, end: int) -> "Batch":
        return Batch(*(column[start:end] for column in self.columns()))

    def columns(self) -> "list[npt.NDArray[Any]]":
        return [getattr(self, field.name) for field in fields(self)]


def joined(batches: list[Batch]) -> Batch:
    if len(batches) == 1:
        return batches[0]
    columns = zip(*(each.columns() for each in batches), strict=True)
    return Batch(*(np.concatenate(parts) for parts in columns))
