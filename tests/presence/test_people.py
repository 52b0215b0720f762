"""The people of all pods, each counted once."""

import pytest

from presence.leases import decode, encode, key_of, pod_of
from presence.roster import Lease, People, Roster, people


def test_a_person_leaves_with_the_last_tab() -> None:
    roster = Roster()
    for name in ("Alice", "Alice", "Bob"):
        roster.enter(name)
    assert roster.lease() == Lease(3, ("Alice", "Alice", "Bob"))
    roster.leave("Alice")
    assert roster.lease() == Lease(2, ("Alice", "Bob"))
    roster.leave("Alice")
    assert roster.lease() == Lease(1, ("Bob",))


def test_tabs_and_pods_of_one_person_count_once() -> None:
    leases = [Lease(2, ("Alice", "Alice")), Lease(2, ("alan", "Alice"))]
    assert people(leases) == People(2, ("alan", "Alice"))


def test_connections_without_a_name_count_one_each() -> None:
    assert people([Lease(5, ("Alice",)), Lease(1, ())]) == People(6, ("Alice",))


def test_a_lease_is_written_as_other_gateways_read_it() -> None:
    assert decode(encode(Lease(2, ("Alice", "Zoë")))) == Lease(2, ("Alice", "Zoë"))
    assert pod_of(key_of("pod-1:a")) == "pod-1:a"


@pytest.mark.parametrize(
    "value",
    [None, b"", b"7", b"[]", b'{"count": 1}', b'{"count": -1, "usernames": []}', b'{"count": "1"'],
)
def test_a_value_of_another_form_is_no_lease(value: bytes | None) -> None:
    assert decode(value) is None
