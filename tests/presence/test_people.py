"""The people of one pod and of all, each counted once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from presence import roster as module
from presence.crowd import Crowd, People
from presence.roster import Lease, Roster

GUEST = "Guest-"


def people(*leases: Lease) -> People:
    crowd = Crowd(GUEST)
    for number, lease in enumerate(leases):
        crowd.replace(f"pod-{number}", lease)
    return crowd.people()


def listed(count: int, *pairs: str) -> Lease:
    """A lease of so many connections that lists these, each as `id:name`."""
    ids, names = zip(*(pair.split(":") for pair in pairs), strict=True)
    return Lease(count, names, ids)


def roster_of(*pairs: str) -> Roster:
    roster = Roster(GUEST)
    for pair in pairs:
        roster.enter(*pair.split(":"))
    return roster


# --- one pod


def test_a_person_leaves_with_the_last_tab() -> None:
    roster = roster_of("a:Alice", "b:Bob", "a:Alice")
    assert roster.lease() == Lease(3, ("Alice", "Alice", "Bob"), ("a", "a", "b"))
    roster.leave("a")
    assert roster.lease() == Lease(2, ("Alice", "Bob"), ("a", "b"))
    roster.leave("a")
    assert roster.lease() == Lease(1, ("Bob",), ("b",))
    roster.leave("b")
    assert roster.lease() == Lease(0, ())


def test_two_of_one_name_are_two_until_one_goes() -> None:
    roster = roster_of("a:Alice", "b:Alice")
    assert people(roster.lease()) == People(2, ("Alice", "Alice"))
    roster.leave("a")
    assert people(roster.lease()) == People(1, ("Alice",))


def test_a_renamed_person_stays_the_same_on_all_tabs() -> None:
    roster = roster_of("a:Guest-1A2B3C4D", "a:Guest-1A2B3C4D")
    assert roster.rename("a", "Zoë") is True
    assert roster.rename("a", "Zoë") is False
    assert roster.lease() == Lease(2, ("Zoë", "Zoë"), ("a", "a"))
    roster.leave("a")
    assert roster.lease() == Lease(1, ("Zoë",), ("a",))


@pytest.mark.parametrize(
    ("known", "newer", "shown"),
    [
        ("Zoë", "Guest-1A2B3C4D", "Zoë"),  # another tab of a guest who drew as Zoë
        ("Guest-1A2B3C4D", "Zoë", "Zoë"),
        ("zoe", "zoe2", "zoe2"),  # an account that an administrator renamed
    ],
)
def test_a_new_tab_does_not_lose_a_chosen_name(known: str, newer: str, shown: str) -> None:
    assert roster_of(f"a:{known}", f"a:{newer}").lease().usernames == (shown, shown)


def test_a_lease_lists_so_many_and_counts_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_LISTED", 3)
    roster = roster_of("a:Alice", "b:Bob", "c:Carol", "d:Dan", "b:Bob")
    assert roster.lease() == Lease(5, ("Alice", "Bob", "Bob"), ("a", "b", "b"))
    assert people(roster.lease()) == People(4, ("Alice", "Bob"))
    roster.enter("d", "Dan")
    assert people(roster.lease()).count == 5, "a tab that is not listed is one person"


def test_those_who_are_listed_stay_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_LISTED", 2)
    roster = roster_of("b:Bob", "c:Carol", "a:Alice")
    assert roster.lease().ids == ("b", "c")
    roster.leave("b")
    assert roster.lease().ids == ("c", "a")


@pytest.mark.slow
def test_another_thread_can_look_while_people_come_and_go() -> None:
    roster = roster_of(*(f"{number}:Alice" for number in range(1_500)))
    with ThreadPoolExecutor(1) as threads:
        looking = threads.submit(lambda: [roster.lease().count for _ in range(300)])
        while not looking.done():
            for number in range(200):
                roster.enter(f"new {number}", "Bob")
            for number in range(200):
                roster.leave(f"new {number}")
    assert all(1_500 <= count <= 1_700 for count in looking.result())


# --- several pods


def test_tabs_and_pods_of_one_person_count_once() -> None:
    leases = listed(2, "a:Alice", "a:Alice"), listed(2, "b:alan", "a:Alice")
    assert people(*leases) == People(2, ("alan", "Alice"))


def test_two_of_one_name_on_two_pods_are_two() -> None:
    assert people(listed(1, "a:Alice"), listed(1, "b:Alice")) == People(2, ("Alice", "Alice"))


@pytest.mark.parametrize(
    ("here", "there", "shown"),
    [
        ("Alice", "Guest-1A2B3C4D", "Alice"),
        ("Guest-1A2B3C4D", "Zoë", "Zoë"),
        ("Zoë", "Alice", "Alice"),
        ("Guest-2", "Guest-1", "Guest-1"),
    ],
)
def test_a_person_of_two_names_has_the_same_one_everywhere(
    here: str, there: str, shown: str
) -> None:
    leases = [listed(1, f"a:{here}"), listed(1, f"a:{there}")]
    assert people(*leases) == people(*reversed(leases)) == People(1, (shown,))


def test_connections_that_are_not_listed_count_one_each() -> None:
    assert people(Lease(5, ("Alice",)), Lease(1, ())) == People(6, ("Alice",))
    assert people(listed(5, "a:Alice"), Lease(1, ())) == People(6, ("Alice",))


# --- pods of another make


def test_without_ids_a_name_is_one_person() -> None:
    leases = Lease(2, ("Alice", "Alice")), Lease(2, ("alan", "Alice"))
    assert people(*leases) == People(2, ("alan", "Alice"))


def test_a_name_without_an_id_is_taken_for_one_that_has_one() -> None:
    foreign = Lease(2, ("Alice", "Nora"))
    assert people(foreign, listed(1, "a:Alice")) == People(2, ("Alice", "Nora"))
    two = listed(2, "a:Alice", "b:Alice")
    assert people(two, foreign) == People(3, ("Alice", "Alice", "Nora"))


def test_so_is_a_name_that_is_borne_on_another_pod_only() -> None:
    ours = listed(1, "a:Alice"), listed(1, "a:Zoë")
    assert people(*ours, Lease(1, ("Zoë",))) == People(1, ("Alice",))
