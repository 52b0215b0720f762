"""The names of guests who have chosen none, and their cookies."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import MAX_NAME
from accounts.names import GUEST
from accounts.people import (
    GUEST_COOKIE,
    NAME_DIGITS,
    Person,
    identify,
    new_guest_cookie,
    read_guest_cookie,
    renewed_guest_cookie,
)


def guest() -> Person:
    return identify(AnonymousUser(), {GUEST_COOKIE: new_guest_cookie()}, "192.0.2.1")


def test_a_guest_is_named_by_the_first_digits_of_its_id() -> None:
    person = guest()
    digits = person.id.removeprefix("guest:")[:NAME_DIGITS]
    assert person.name == f"{GUEST}{digits.upper()}"
    assert len(person.name) <= MAX_NAME / 2


def test_guests_seldom_share_a_name() -> None:
    assert 100_000**2 / (2 * 16**NAME_DIGITS) < 2, "pairs among 100,000"
    names = {guest().name for _ in range(2_000)}
    assert len(names) >= 1_999  # one pair in one of 2,000 runs


def test_a_guest_stays_the_same_under_another_secret_key(settings: Any) -> None:
    former = {GUEST_COOKIE: new_guest_cookie()}
    assert renewed_guest_cookie(former) is None, "it is of the present key"
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key " * 5, [settings.SECRET_KEY]
    guest = read_guest_cookie(former)
    renewed = renewed_guest_cookie(former)
    assert renewed is not None
    settings.SECRET_KEY_FALLBACKS = []
    assert read_guest_cookie(former) is None
    assert read_guest_cookie({GUEST_COOKIE: renewed}) == guest


@pytest.mark.parametrize("cookie", ["", "x", "0123456789abcdef:forged"])
def test_a_forged_cookie_is_not_renewed(cookie: str) -> None:
    assert renewed_guest_cookie({GUEST_COOKIE: cookie}) is None
