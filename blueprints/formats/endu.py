"""Feeds in the form of endu's overlay and of Charity, its successor.

They name pictures by address, and other feeds, which are never fetched.
"""

from collections.abc import Mapping
from typing import Any

from blueprints.formats.items import MAX_ITEMS, Item, place_in, source_in, title_in, wrong


def read(file: Mapping[str, Any]) -> list[Item]:
    """Return the templates of a feed, the most important first; raise Invalid."""
    templates = file.get("templates")
    if not isinstance(templates, list) or not templates:
        raise wrong("templates must be a list of templates.")
    if len(templates) > MAX_ITEMS:
        raise wrong(f"templates has {len(templates)} of them; {MAX_ITEMS} can be read.")
    return [_item(each, place) for place, each in enumerate(templates)]


def _item(template: object, place: int) -> Item:
    if not isinstance(template, dict):
        raise wrong(f"templates[{place}] must be an object.")
    sources = template.get("sources", [])
    if not isinstance(sources, list):
        raise wrong(f"templates[{place}].sources must be a list.")
    known = (source_in(each) for each in sources[:MAX_ITEMS])
    return Item(
        title=title_in(template, "name"),
        x=place_in(template, "x"),
        y=place_in(template, "y"),
        source=next((each for each in known if each), None),
    )
