"""Texts that people write about a blueprint, checked and cleaned by the rules of names."""

import re
from urllib.parse import urlsplit

from accounts.names import RESERVED, skeleton
from runtime import visible_text
from runtime.errors import Invalid

TITLE_LENGTH = 60
DESCRIPTION_LENGTH = 500
MAX_LINES = 20
LINK_LENGTH = 200
LINK_FORM = re.compile(r"https?://[!-~]+")
_RESERVED = {skeleton(name) for name in RESERVED}


def parse_title(value: object) -> str:
    """Read a title: one line of 1 to 60 characters, which looks like nothing that the site says."""
    if not isinstance(value, str) or len(value) > 4 * TITLE_LENGTH:
        raise Invalid("title", "invalid", f"title must be 1 to {TITLE_LENGTH} characters.")
    title = _clean(value.strip(), "title")
    if not 1 <= len(title) <= TITLE_LENGTH or not visible_text.has_ink(title):
        raise Invalid("title", "invalid", f"title must be 1 to {TITLE_LENGTH} characters.")
    if skeleton(title) in _RESERVED:
        raise Invalid("title", "taken", "This title would speak for the site.")
    return title


def parse_description(value: object) -> str:
    """Read a text of at most 500 characters in at most 20 lines; empty is allowed."""
    detail = f"description must be at most {DESCRIPTION_LENGTH} characters in {MAX_LINES} lines."
    if not isinstance(value, str) or len(value) > 4 * DESCRIPTION_LENGTH:
        raise Invalid("description", "invalid", detail)
    lines = value.replace("\r\n", "\n").strip().split("\n")
    text = "\n".join(_clean(line.strip(), "description") for line in lines)
    if len(lines) > MAX_LINES or len(text) > DESCRIPTION_LENGTH:
        raise Invalid("description", "invalid", detail)
    return text


def parse_link(value: object) -> str:
    """Read an address of the web, which is only ever shown as text; empty is allowed."""
    if value == "":
        return ""
    detail = f"link must be empty, or http(s)://… in at most {LINK_LENGTH} ASCII characters."
    if not isinstance(value, str) or len(value) > LINK_LENGTH or not LINK_FORM.fullmatch(value):
        raise Invalid("link", "invalid", detail)
    try:
        parts = urlsplit(value)
        host = parts.hostname
    except ValueError:
        raise Invalid("link", "invalid", detail) from None
    if not host or "@" in parts.netloc:
        raise Invalid("link", "invalid", detail)
    return value


def _clean(line: str, field: str) -> str:
    try:
        return visible_text.clean(line)
    except visible_text.Hidden:
        detail = f"{field} must not hold control characters."
        raise Invalid(field, "invalid", detail) from None
    except visible_text.TooManyMarks:
        detail = f"{field} must not hold more than {visible_text.MAX_MARKS} marks on a letter."
        raise Invalid(field, "invalid", detail) from None
