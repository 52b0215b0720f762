"""Lines of text that are written at once: pieces of all of them, one piece after the other."""

from base64 import b64encode
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from history.datasets.records import PERSON_BYTES
from history.datasets.texts import EPOCH

Bytes = npt.NDArray[np.uint8]
Where = npt.NDArray[np.bool_]

ZERO = ord("0")
DAY = 86_400_000  # ms
SHARES = ((3_600_000, 24), (60_000, 60), (1000, 60))  # ms of an hour, minute and second; how many


class Lines:
    """Lines, in a fixed number, that grow to the right."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._pieces: list[Bytes] = []
        self._wheres: list[Where] = []

    def text(self, text: bytes, where: Where | None = None) -> Self:
        """Add the same text to each line, or to some."""
        piece = np.broadcast_to(np.frombuffer(text, np.uint8), (self._count, len(text)))
        return self.column(piece, where)

    def column(self, piece: Bytes, where: Where | None = None) -> Self:
        """Add a row of bytes to each line, or to some."""
        shown = np.ones(self._count, bool) if where is None else where
        return self._add(piece, np.broadcast_to(shown[:, None], piece.shape))

    def number(self, values: npt.NDArray[Any], where: Where | None = None) -> Self:
        """Add whole numbers to each line, or to some."""
        sizes = np.abs(values.astype(np.int64))
        tens = 10 ** np.arange(len(str(int(sizes.max(initial=0)))) - 1, -1, -1)
        if (values < 0).any():
            self.text(b"-", values < 0 if where is None else (values < 0) & where)
        shown = (sizes[:, None] >= tens) | (tens == 1)
        if where is not None:
            shown &= where[:, None]
        return self._add(digits(sizes, tens), shown)

    def _add(self, piece: Bytes, where: Where) -> Self:
        self._pieces.append(piece)
        self._wheres.append(where)
        return self

    def __bytes__(self) -> bytes:
        whole: bytes = np.hstack(self._pieces)[np.hstack(self._wheres)].tobytes()
        return whole


def digits(values: npt.NDArray[np.int64], tens: npt.NDArray[Any]) -> Bytes:
    """Return the digits of values at some powers of ten, a row for each value."""
    found: Bytes = (values[:, None] // tens % 10 + ZERO).astype(np.uint8)
    return found


def table(texts: Sequence[str]) -> Bytes:
    """Return texts of one length as rows."""
    return np.frombuffer("".join(texts).encode(), np.uint8).reshape(len(texts), -1)


def stamps(times: npt.NDArray[np.int64], separator: str = ".") -> Bytes:
    """Return ms since 1970 as `2022-04-03 17:38:22.252`, a row each."""
    days, rest = np.divmod(times, DAY)
    found, which = np.unique(days, return_inverse=True)
    dates = table([f"{EPOCH + timedelta(days=day):%Y-%m-%d}" for day in found.tolist()])
    parts = [dates[which]]
    for mark, (share, most) in zip(" ::", SHARES, strict=True):
        parts += [_mark(mark, times), digits(rest // share % most, np.array((10, 1)))]
    parts += [_mark(separator, times), digits(rest % 1000, np.array((100, 10, 1)))]
    return np.hstack(parts)


def _mark(mark: str, times: npt.NDArray[np.int64]) -> Bytes:
    return np.full((len(times), 1), ord(mark), np.uint8)


def people(persons: Bytes) -> tuple[Bytes, Where]:
    """Return the hashes of people as rows of base64, and who is anybody."""
    text = np.frombuffer(b64encode(persons.tobytes()), np.uint8)
    is_anybody: Where = np.asarray(persons.any(axis=1))
    return text.reshape(-1, PERSON_BYTES * 4 // 3), is_anybody
