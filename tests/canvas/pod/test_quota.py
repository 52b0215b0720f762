"""The limits of one person and one network beside the cooldown."""

from dataclasses import replace

import pytest
from pytest_django.fixtures import Settings

from accounts.errors import LimitReached
from accounts.limits import Limiter
from accounts.people import Person
from canvas.domain.rules import CanvasMeta
from canvas.pod.quota import PEOPLE_OF_A_NETWORK, Quota, limits_of
from tests.canvas.helpers import ALICE, GUEST, meta_of, order

HERE = "192.0.2.7"


def keys(person: Person, **canvas: int) -> list[str]:
    return [limit.key for limit in limits_of(meta_of(**canvas), person)]


@pytest.fixture
def quota() -> Quota:
    async def meta(slug: str) -> CanvasMeta:
        return meta_of(cooldown_ms=60_000, charges=2)

    return Quota(Limiter(), meta)


def test_without_limits_nothing_is_counted() -> None:
    assert keys(replace(ALICE, address=HERE)) == []
    assert keys(replace(GUEST, address=HERE)) == []


def test_a_person_and_its_network_are_counted(settings: Settings) -> None:
    settings.LIMIT_PLACES_PER_MINUTE = 5
    home = replace(ALICE, address="2001:db8:1:2:3:4:5:6")
    assert keys(home) == [
        f"places:{ALICE.id}",
        "places:2001:db8:1:2::/64",
        "places:2001:db8:1::/56",
        "places:2001:db8:1::/48",
    ]
    assert keys(ALICE) == [f"places:{ALICE.id}"]


async def test_the_limit_is_told(quota: Quota, settings: Settings) -> None:
    settings.LIMIT_PLACES_PER_MINUTE = 2
    refusals = await quota.refuse("main", [order()] * 3)
    assert [type(refusal) for refusal in refusals] == [type(None), type(None), LimitReached]
    assert refusals[2] is not None
    assert 59_000 < (refusals[2].retry_after_ms or 0) <= 60_001


async def test_new_guests_of_a_network_do_not_shed_the_cooldown(quota: Quota) -> None:
    most = 2 * PEOPLE_OF_A_NETWORK
    guests = [replace(GUEST, id=f"guest:{number:016x}", address=HERE) for number in range(50)]
    refusals = await quota.refuse("main", [order(person=guest) for guest in guests])
    assert refusals.count(None) == most
    elsewhere = replace(GUEST, address="198.51.100.1")
    accounts = replace(ALICE, address=HERE)
    assert await quota.refuse("main", [order(person=elsewhere), order(person=accounts)]) == [
        None,
        None,
    ]
