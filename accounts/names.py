"""Which names look alike, so that nobody draws under the name of somebody else."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from confusable_homoglyphs.confusables import confusables_data

from accounts.models import MAX_SKELETON, AccountName

GUEST = "Guest-"  # what guests are called who choose no name
DELETED = "[deleted]"  # on the pixels of an account that is no more; no account can have it


@lru_cache(maxsize=4096)
def skeleton(name: str) -> str:
    """Return what is equal for names that a reader may take for one another (UTS 39).

    Case, accents, letters of other scripts with the same shape, and characters without ink do
    not count.
    """
    shapes = "".join(map(_shape, unicodedata.normalize("NFKD", name)))
    return "".join(map(_shape, shapes.casefold())).casefold().replace("i", "l")[:MAX_SKELETON]


def taken(names: Iterable[str]) -> set[str]:
    """Return those of the names that look like the name of an account."""
    skeletons = {name: skeleton(name) for name in names}
    if not skeletons:
        return set()
    found = AccountName.objects.filter(skeleton__in=skeletons.values())
    accounts = set(found.values_list("skeleton", flat=True))
    return {name for name, shape in skeletons.items() if shape in accounts}


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
