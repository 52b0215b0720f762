"""Values as the text files of the field write them, read strictly."""

import re
from copy import copy
from datetime import UTC, datetime, timedelta

from history.errors import BadValue

MINUTE_FORM = re.compile(rb"\d{4}-\d\d-\d\d[ T]\d\d:\d\d")
REST_FORM = re.compile(rb":([0-5]\d)(?:[.,](\d{1,6}))?(?: ?UTC|Z|\+00:00)?")
MAX_CACHED = 200_000  # texts of times that are remembered
FARTHEST = 65_535  # the farthest coordinate that a text may have, from the origin
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST_TIME = 253_402_300_799_999  # ms: the end of the year 9999


class Moments:
    """Times as text, in UTC, with or without milliseconds: `2022-04-03 17:38:22.252 UTC`."""

    def __init__(self) -> None:
        self._minutes: dict[bytes, int] = {}
        self._rests: dict[bytes, int] = {}

    def read(self, text: bytes) -> int:
        """Return the ms since 1970; raise BadValue."""
        try:
            return self._minutes[text[:16]] + self._rests[text[16:]]
        except KeyError:
            return self._read(text)

    def _read(self, text: bytes) -> int:
        if len(self._minutes) + len(self._rests) > MAX_CACHED:
            self._minutes.clear()
            self._rests.clear()
        minute, rest = text[:16], REST_FORM.fullmatch(text[16:])
        if rest is None or not MINUTE_FORM.fullmatch(minute):
            raise BadValue(f"{shown(text)} is no time in UTC")
        try:
            moment = datetime.fromisoformat(minute.decode()).replace(tzinfo=UTC)
        except ValueError:
            raise BadValue(f"{shown(text)} is no time in UTC") from None
        if moment < EPOCH:
            raise BadValue(f"{shown(text)} is before 1970")
        seconds, fraction = rest[1], (rest[2] or b"0").ljust(6, b"0")
        self._minutes[minute] = (moment - EPOCH) // timedelta(milliseconds=1)
        self._rests[text[16:]] = int(seconds) * 1000 + int(fraction) // 1000
        return self._minutes[minute] + self._rests[text[16:]]


def read_milliseconds(text: bytes) -> int:
    """Read a number of ms since 1970; raise BadValue."""
    if not text.isdigit() or (time := int(text)) > LAST_TIME:
        raise BadValue(f"{shown(text)} is no number of ms since 1970")
    return time


class Numbers(dict[bytes, int]):
    """Whole numbers within bounds, by their text. One that is not there raises BadValue."""

    def __init__(self, field: str, first: int, last: int, origin: int = 0) -> None:
        """`origin` is subtracted from each."""
        super().__init__((b"%d" % number, number - origin) for number in range(first, last + 1))
        self._field, self._first, self._last = field, first, last

    def quoted(self, before: str, after: str) -> "Numbers":
        """Return the same numbers with a text around them, as half of a quoted pair has it."""
        other = copy(self)
        other.clear()
        both = before.encode(), after.encode()
        other.update((both[0] + text + both[1], number) for text, number in self.items())
        return other

    def __missing__(self, text: bytes) -> int:
        text = text.strip(b'"')
        bounds = f"a whole number from {self._first} to {self._last}"
        raise BadValue(f"{self._field} is {shown(text)}, not {bounds}")


def shown(text: bytes) -> str:
    """Return what a line holds, short enough for a message and safe for a terminal."""
    plain = text[:40].decode("utf-8", "replace")
    quoted = "".join(each if each.isprintable() else "?" for each in plain)
    return f"'{quoted}{'…' if len(text) > 40 else ''}'"
