"""Which names look alike, so that nobody draws under the name of somebody else."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from confusable_homoglyphs.confusables import confusables_data

from accounts.models import MAX_LOOK, AccountName

GUEST = "Guest-"  # what guests are called who choose no name
DELETED = "[deleted]"  # on the pixels of an account that is no more; no account can have it


@lru_cache(maxsize=4096)
def look_of(name: str) -> str:
    """Equal for names that a reader may take for one another: case, accents, other scripts'
    letters of the same shape, and what nobody sees do not count.
    """
    shapes = "".join(map(_shape, unicodedata.normalize("NFKD", name)))
    return "".join(map(_shape, shapes.casefold())).casefold().replace("i", "l")[:MAX_LOOK]


def taken(names: Iterable[str]) -> set[str]:
    """Those that look like the name of an account."""
    looks = {name: look_of(name) for name in names}
    if not looks:
        return set()
    found = AccountName.objects.filter(look__in=looks.values())
    accounts = set(found.values_list("look", flat=True))
    return {name for name, look in looks.items() if look in accounts}


def _shape(character: str) -> str:
    """The character that stands for all of its shape."""
    if unicodedata.combining(character) or unicodedata.category(character)[0] in "CZ":
        return ""
    alike = [str(each["c"]) for each in confusables_data.get(character, ())]
    if len(alike) != 1:  # it stands for others, or is like no other
        return character
    (other,) = alike
    back = confusables_data.get(other, ())
    return min(character, other) if [each["c"] for each in back] == [character] else other
