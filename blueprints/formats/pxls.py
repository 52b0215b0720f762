"""Links of Pxls: the template in the fragment or the query of a page's address."""

from urllib.parse import parse_qs, urlsplit

from blueprints.domain.placing import LEAST, MOST
from blueprints.formats.items import Item, source_in, title_in, wrong

MAX_LINK = 4096  # characters
MAX_FIELDS = 30


def read(link: str) -> list[Item]:
    """Return the template that a link tells of; its picture has to be asked for. Raise Invalid."""
    if len(link) > MAX_LINK:
        raise wrong(f"A link has at most {MAX_LINK} characters.")
    try:
        parts = urlsplit(link)
        fields = {
            name: values[-1]
            for text in (parts.query, parts.fragment)
            for name, values in parse_qs(text, max_num_fields=MAX_FIELDS).items()
        }
    except ValueError:
        raise wrong("It is no link that can be read.") from None
    if "template" not in fields:
        raise wrong("The link has no template=…")
    return [
        Item(
            title=title_in(fields, "title"),
            x=_whole(fields.get("ox", "")),
            y=_whole(fields.get("oy", "")),
            source=source_in(fields["template"]),
        )
    ]


def _whole(text: str) -> int | None:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 5):
        return None
    return int(text) if LEAST <= int(text) <= MOST else None
