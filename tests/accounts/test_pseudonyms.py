"""Pseudonyms tell persons of one site apart, and nothing else about them."""

import pytest
from pytest_django import Settings

from accounts.pseudonyms import pseudonym


def test_a_person_has_one_and_another_person_another() -> None:
    ids = [f"user:{number}" for number in range(1_000)] + [f"guest:{n:016x}" for n in range(1_000)]
    assert len({pseudonym(each) for each in ids}) == 2_000
    assert pseudonym("user:7") == pseudonym("user:7")


def test_it_is_short_and_does_not_hold_the_id() -> None:
    found = pseudonym("guest:0123456789abcdef")
    assert len(found) == 16
    assert found != "0123456789abcdef"
    assert int(found, 16) >= 0


@pytest.mark.parametrize(
    "change", [{"SITE_NAME": "other.example"}, {"SECRET_KEY": "another secret key of a test"}]
)
def test_another_site_or_key_has_others(settings: Settings, change: dict[str, str]) -> None:
    here = pseudonym("user:7")
    for name, value in change.items():
        setattr(settings, name, value)
    assert pseudonym("user:7") != here
