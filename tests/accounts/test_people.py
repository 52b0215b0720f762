"""The names of guests who have chosen none."""

from django.contrib.auth.models import AnonymousUser

from accounts.models import MAX_NAME
from accounts.names import GUEST
from accounts.people import GUEST_COOKIE, NAME_DIGITS, Person, identify, new_guest_cookie


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
