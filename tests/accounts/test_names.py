"""Names that a reader may take for one another."""

import pytest
from django.contrib.auth.models import User

from accounts.names import skeleton, taken
from runtime.visible_text import is_unseen

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
    "al\u200dice",
    "alice\ufe0f",
    "\u3164alice",
    "ali\u2800ce",
    "ali\u115fce",
    "ali\u034fce",
    "alice\U000e0101",
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


@pytest.mark.parametrize(
    "name",
    [
        "[moderation]",
        "[Moderation]",
        "[deleted]",
        "[ deleted ]",
        "administrator",
        "Administratоr",  # a Cyrillic o
        "ADMIN\ufe0f",
        "m0derator",
    ],
)
def test_names_that_speak_for_the_site_are_reserved(name: str) -> None:
    assert taken([name, "bob"]) == {name}


@pytest.mark.slow
def test_nothing_unseen_makes_another_name() -> None:
    """Each character that is no ink, in the middle and at both ends."""
    unseen = [chr(code) for code in range(0x110000) if is_unseen(chr(code))]
    assert len(unseen) > 4_000
    assert {skeleton(f"{each}al{each}ice{each}") for each in unseen} == {skeleton("alice")}
