"""Text of people that others read: what of it can be seen, and what is hidden in it."""

import unicodedata
from bisect import bisect_right

ZWNJ, ZWJ = "\u200c", "\u200d"
JOINERS = {ZWNJ, ZWJ}
EMOJI_STYLES = {"\ufe0e", "\ufe0f"}  # drawn as text, or as a picture
KEYCAP = "\u20e3"
# Without ink, though Unicode counts them as letters and signs.
BLANK = {"\u2800", "\U0001d159", "\U00013441", "\U00013442"}
MAX_MARKS = 4  # on one letter: Tibetan, Hebrew and Thai have up to so many

# Unicode's Default_Ignorable_Code_Point, first and last of each range.
IGNORABLE = [
    (0x00AD, 0x00AD),
    (0x034F, 0x034F),
    (0x061C, 0x061C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFF8),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
]
_FIRSTS = [first for first, _last in IGNORABLE]


class Hidden(ValueError):
    """Raised for text that holds what people cannot see, and that means something to machines."""


class TooManyMarks(ValueError):
    """Raised for a letter with more than MAX_MARKS marks on it."""


def is_unseen(character: str) -> bool:
    """Tell whether a character leaves no ink and takes no room, wherever it stands."""
    code = ord(character)
    place = bisect_right(_FIRSTS, code) - 1
    return character in BLANK or (place >= 0 and code <= IGNORABLE[place][1])


def is_inked(character: str) -> bool:
    """Tell whether a character can be seen by itself: a letter, digit or sign."""
    return unicodedata.category(character)[0] in "LNPS" and not is_unseen(character)


def has_ink(text: str) -> bool:
    return any(map(is_inked, text))


def clean(text: str) -> str:
    """Return a line of text, composed (NFC), without what counts for nothing.

    Left out are characters that nobody can see, and marks that stand on no letter. Joiners between
    visible characters stay: Persian words and families of emoji need them. Raise Hidden for
    other characters of control and direction, and TooManyMarks.
    """
    text, before = unicodedata.normalize("NFC", text), None
    while text != before:
        before, text = text, unicodedata.normalize("NFC", _pass(text)).strip()
    return text


def _pass(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for position, character in enumerate(text):
        category = unicodedata.category(character)
        follows = kept[-1] if kept else " "
        if character in JOINERS:
            if not (_ends_inked(follows) and has_ink(text[position + 1 : position + 2])):
                raise Hidden
        elif category in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
            raise Hidden
        elif character in EMOJI_STYLES:
            is_keycap = text[position + 1 : position + 2] == KEYCAP
            if unicodedata.category(follows) != "So" and not is_keycap:
                continue
        elif is_unseen(character):
            continue
        elif category[0] == "M":
            if not _ends_inked(follows):
                continue
            marks += 1
            if marks > MAX_MARKS:
                raise TooManyMarks
        else:
            marks = 0
        kept.append(character)
    return "".join(kept)


def _ends_inked(character: str) -> bool:
    """Tell whether what came so far ends with something that can be seen."""
    is_mark = unicodedata.category(character)[0] == "M" and not is_unseen(character)
    return is_inked(character) or is_mark or character in EMOJI_STYLES
