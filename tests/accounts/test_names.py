"""Names that a reader may take for one another."""

import pytest
from django.contrib.auth.models import User

from accounts.names import skeleton, taken

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ALIKE = [
    "alice",
    "ALICE",
    "AIice",  # a capital i
    "a1ice",
    "а\u0131ice".replace("\u0131", "l"),  # a Cyrillic a
    "ａｌｉｃｅ",  # full width
    "álicë",
    "al\u200bice",
    "ali ce",
]


@pytest.mark.parametrize("name", ALIKE)
def test_these_look_like_alice(name: str) -> None:
    assert skeleton(name) == skeleton("Alice")


@pytest.mark.parametrize("name", ["alicia", "bob", "alice2", "ali-ce", "艾丽斯", "Алиса"])
def test_these_do_not(name: str) -> None:
    assert skeleton(name) != skeleton("Alice")


def test_cyrillic_capitals_are_seen_through() -> None:
    assert skeleton("ВОВ") == skeleton("bob")


@pytest.mark.parametrize("name", ["", "\u200b", "ﷺ" * 150, "𝔞" * 150, "\U000e0041" * 32])
def test_no_name_is_too_strange(name: str) -> None:
    assert len(skeleton(name)) <= 600


def test_an_account_protects_its_name_from_its_making_to_its_end() -> None:
    user = User.objects.create_user("Alice")
    assert taken(["a1ice", "bob"]) == {"a1ice"}
    user.username = "Carol"
    user.save()
    assert taken(["alice", "caroI"]) == {"caroI"}
    user.delete()
    assert taken(["alice", "carol"]) == set()


def test_of_two_accounts_that_look_alike_one_protects_both() -> None:
    User.objects.create_user("alice")
    User.objects.create_user("ALICE")
    assert taken(["Alice"]) == {"Alice"}
