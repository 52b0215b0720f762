"""Names that look alike, so that a guest cannot draw under the name of an account."""

import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from confusable_homoglyphs.confusables import confusables_data

from accounts.models import MAX_SKELETON, AccountName
from runtime.visible_text import is_unseen

GUEST = "Guest-"  # begins the name of a guest who has chosen none
DELETED = "[deleted]"  # on the pixels of a deleted account; no account can have this name
# Names that speak for the site: nobody can take one, or one that looks like it.
RESERVED = (DELETED, "[moderation]", "moderation", "moderator", "admin", "administrator")


def in_use_sql(skeletons: str) -> str:
    """Return a query, for PostgreSQL, of those skeletons of an SQL array that accounts have."""
    return f"SELECT look FROM accounts_accountname WHERE look = ANY({skeletons})"  # noqa: S608


@lru_cache(maxsize=4096)
def skeleton(name: str) -> str:
    """Return the skeleton of a name (UTS 39): equal for names that look the same to a reader.

    It leaves out case, accents and invisible characters, and replaces letters of other scripts
    by those of the same shape.
    """
    shapes = "".join(map(_shape, unicodedata.normalize("NFKD", name)))
    return "".join(map(_shape, shapes.casefold())).casefold().replace("i", "l")[:MAX_SKELETON]


def taken(names: Iterable[str]) -> set[str]:
    """Return those of the names that look like the name of an account, or like a reserved one."""
    shapes = skeletons(names)
    if not shapes:
        return set()
    found = AccountName.objects.filter(skeleton__in=shapes.values())
    return taken_of(shapes, found.values_list("skeleton", flat=True))


def skeletons(names: Iterable[str]) -> dict[str, str]:
    """Return the skeleton of each name."""
    return {name: skeleton(name) for name in names}


def taken_of(skeletons: Mapping[str, str], in_use: Iterable[str]) -> set[str]:
    """Return those of the names, with their skeletons, that look like one of an account or of ours.

    `in_use` are skeletons of accounts.
    """
    accounts = {*in_use, *map(skeleton, RESERVED)}
    return {name for name, shape in skeletons.items() if shape in accounts}


def _shape(character: str) -> str:
    """Return the character that stands for all of its shape, empty for an invisible one."""
    if unicodedata.combining(character) or unicodedata.category(character)[0] in "CZ":
        return ""
    if is_unseen(character):
        return ""
    alike = [str(each["c"]) for each in confusables_data.get(character, ())]
    if len(alike) != 1:  # it stands for others, or is like no other
        return character
    (other,) = alike
    back = confusables_data.get(other, ())
    return min(character, other) if [each["c"] for each in back] == [character] else other
