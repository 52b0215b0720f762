"""The existence of accounts, checked in the transaction that acts in their name."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import connection

USER_KEY = "user:"  # the id of a person with an account begins so


def existing_sql(keys: str) -> str:
    """Return a query, for PostgreSQL, of those accounts of an SQL array that are there and active.

    It locks them until the transaction ends. A row that a deletion holds is skipped, not waited
    for: the deletion looks through the whole ledger, and the caller may hold up everyone who draws.
    """
    return (
        f"SELECT id FROM auth_user WHERE id = ANY({keys}) AND is_active"  # noqa: S608
        " FOR KEY SHARE SKIP LOCKED"
    )


def gone(persons: Iterable[str]) -> set[str]:
    """Return those persons whose account is inactive, deleted, or being deleted.

    The others cannot be deleted before the transaction ends. Guests are never among them.
    """
    keys = accounts_of(persons)
    if not keys:
        return set()
    return {keys[key] for key in keys.keys() - _existing(list(keys))}


def accounts_of(persons: Iterable[str]) -> dict[int, str]:
    """Return those of the persons who have accounts, by the primary keys of these."""
    return {
        int(person.removeprefix(USER_KEY)): person
        for person in persons
        if person.startswith(USER_KEY)
    }


def _existing(keys: list[int]) -> set[int]:
    if connection.vendor != "postgresql":  # SQLite has one lock for everything
        return set(User.objects.filter(pk__in=keys, is_active=True).values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(existing_sql("%s"), [keys])
        return {key for (key,) in cursor.fetchall()}
