"""Names in leases: those that may be shown. Anybody who reaches Redis can write others."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from presence.roster import MAX_LISTED
from runtime import visible_text

MAX_NAME = 128  # characters
MAX_JOINED = MAX_LISTED  # names that are not printable as a whole, looked at in a lease: 50 us each
REMEMBERED = 20_000  # such names, since leases are read again and again


def shown(names: Iterable[object]) -> Iterator[str]:
    """Yield the names that may be shown. Most are printable, which is quick to tell."""
    joined = 0
    for name in names:
        if not isinstance(name, str) or len(name) > MAX_NAME:
            continue
        if name.isprintable():
            yield name
        elif joined < MAX_JOINED:
            joined += 1
            if _is_visible(name):
                yield name


@lru_cache(REMEMBERED)
def _is_visible(name: str) -> bool:
    try:
        return visible_text.clean(name) == name  # with joiners, for example
    except ValueError:
        return False
