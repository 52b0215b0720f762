"""Columns of values in text, read at once.

Each function returns values and which of them are right. It may know fewer forms than `texts`
does, which reads what is left: to be right here and wrong there, or another value, is a fault.
"""

import numpy as np
import numpy.typing as npt

from history.datasets.blocks import Block, Positions, Spans
from history.datasets.texts import LAST_TIME

Values = npt.NDArray[np.int64]
Right = npt.NDArray[np.bool_]
Column = tuple[Values, Right]

ZERO, MINUS, HASH = ord("0"), ord("-"), ord("#")
MOST_DIGITS = 5  # of a coordinate
TIME_DIGITS = 15  # of ms since 1970
# Where a time has digits: `2022-04-03 17:38:22`.
DATE_TIME = ((0, 4), (5, 2), (8, 2), (11, 2), (14, 2), (17, 2))
BETWEEN = {4: b"-", 7: b"-", 10: b" T", 13: b":", 16: b":"}
SECONDS_END = 19
ZONE = b" UTC"
FRACTION = 3  # digits at most, after a point or comma
HEX_DIGITS = np.full(256, 255, np.uint8)
for _text in (b"0123456789abcdef", b"0123456789ABCDEF"):
    HEX_DIGITS[list(_text)] = range(16)


def _at(block: Block, positions: Positions) -> npt.NDArray[np.uint8]:
    """Return the bytes at positions, some other byte beyond the end."""
    return block.bytes.take(positions, mode="clip")


def digits(block: Block, spans: Spans, most: int) -> Column:
    """Read numbers of at most so many digits, without a needless 0 before them."""
    starts, lengths = spans.starts, spans.ends - spans.starts
    right = (lengths >= 1) & (lengths <= most)
    values = np.zeros(len(starts), np.int64)
    for place in range(min(most, int(lengths.max(initial=0)))):
        inside = lengths > place
        digit = _at(block, starts + place) - np.uint8(ZERO)  # of no digit it is above 9
        right &= (digit <= 9) | ~inside
        values = np.where(inside, values * 10 + digit, values)
    return values, right & ((lengths == 1) | (_at(block, starts) != ZERO))


def coordinates(block: Block, spans: Spans, first: int, count: int) -> Column:
    """Read whole numbers from `first` on, so many, and return how far each is from there."""
    is_negative = _at(block, spans.starts) == MINUS
    values, right = digits(block, Spans(spans.starts + is_negative, spans.ends), MOST_DIGITS)
    right &= ~is_negative | (values > 0)
    values = np.where(is_negative, -values, values) - first
    return values, right & (values >= 0) & (values < count)


def unquoted(block: Block, spans: Spans, before: int, after: int) -> tuple[Spans, Right]:
    """Take so many quotation marks, 0 or 1, off each end."""
    right = spans.ends - spans.starts >= before + after
    for is_there, place in ((before, spans.starts), (after, spans.ends - 1)):
        if is_there:
            right &= _at(block, place) == ord('"')
    return Spans(spans.starts + before, spans.ends - after), right


def milliseconds(block: Block, spans: Spans) -> Column:
    values, right = digits(block, spans, TIME_DIGITS)
    return values, right & (values <= LAST_TIME)


def moments(block: Block, spans: Spans) -> Column:
    """Read times as `2022-04-03 17:38:22.252 UTC`, with 0 to 3 digits after the seconds."""
    starts, ends = spans
    right = ends - starts >= SECONDS_END
    has_zone = ends - starts >= SECONDS_END + len(ZONE)
    for place, byte in enumerate(ZONE):
        has_zone &= _at(block, ends - len(ZONE) + place) == byte
    parts = []
    for first, count in DATE_TIME:
        value = np.zeros(len(starts), np.int64)
        for place in range(first, first + count):
            digit = _at(block, starts + place) - np.uint8(ZERO)
            right &= digit <= 9
            value = value * 10 + digit
        parts.append(value)
    for place, marks in BETWEEN.items():
        right &= np.isin(_at(block, starts + place), list(marks))
    fraction, known = _fraction(block, starts + SECONDS_END, ends - len(ZONE) * has_zone)
    values, exist = _since_1970(parts)
    return values + fraction, right & known & exist


def _fraction(block: Block, starts: Positions, ends: Positions) -> Column:
    """Read what follows the seconds: nothing, or a point or comma and up to 3 digits, as ms."""
    lengths = ends - starts
    right = (lengths == 0) | ((lengths >= 2) & (lengths <= 1 + FRACTION))
    right &= (lengths == 0) | np.isin(_at(block, starts), list(b".,"))
    values = np.zeros(len(starts), np.int64)
    for place in range(1, 1 + FRACTION):
        inside = place < lengths
        digit = _at(block, starts + place) - np.uint8(ZERO)
        right &= (digit <= 9) | ~inside
        values = values * 10 + np.where(inside, digit, 0)
    return values, right


def _since_1970(parts: list[Values]) -> Column:
    """Return the ms of year, month, day, hour, minute and second."""
    year, month, day, hour, minute, second = parts
    right = (year >= 1970) & (month >= 1) & (month <= 12) & (day >= 1)
    right &= (hour < 24) & (minute < 60) & (second < 60)
    months = np.where(right, (year - 1970) * 12 + month - 1, 0)
    first, after = (_days(each) for each in (months, months + 1))
    right &= day <= after - first
    return (((first + day - 1) * 24 + hour) * 60 + minute) * 60_000 + second * 1000, right


def _days(months: Values) -> Values:
    """Return the days from 1970 to the beginning of months that are counted from there."""
    days: Values = months.astype("M8[M]").astype("M8[D]").astype(np.int64)
    return days


def colors(block: Block, spans: Spans, palette: tuple[str, ...]) -> Column:
    """Read colours as #RRGGBB into their index in the palette."""
    starts = spans.starts
    right = (spans.ends - starts == 7) & (_at(block, starts) == HASH)
    values = np.zeros(len(starts), np.int64)
    for place in range(1, 7):
        digit = HEX_DIGITS[_at(block, starts + place)]
        right &= digit < 16
        values = values * 16 + digit
    known = np.array([int(color[1:], 16) for color in palette])
    order = np.argsort(known)
    found = order.take(np.searchsorted(known, values, sorter=order), mode="clip")
    return found, right & (known[found] == values)
