"""Whose sockets close, at the door of one pod."""

from math import inf

from accounts.door import Door, Entry
from accounts.models import Expulsion


class Somebody:
    """A socket that writes down why it closed."""

    def __init__(
        self, door: Door, *keys: str, address: str = "192.0.2.7", ends_at: float = inf
    ) -> None:
        self.left: list[str] = []
        self.entry = Entry(frozenset(keys), address, self.left.append, keys[0], ends_at)
        self._door = door

    def enter(self, arrived: int | None = None) -> "Somebody":
        self._door.enter(self.entry, self._door.passed if arrived is None else arrived)
        return self


def expulsion(key: str, kind: str = Expulsion.BANNED) -> Expulsion:
    return Expulsion(key=key, kind=kind)


def test_all_sockets_of_a_person_close_and_no_others() -> None:
    door = Door()
    first, second = (Somebody(door, "user:7").enter() for _ in range(2))
    other = Somebody(door, "user:77").enter()
    door.expel([expulsion("user:7")])
    assert (first.left, second.left, other.left) == (["banned"], ["banned"], [])


def test_a_network_takes_everyone_in_it() -> None:
    door = Door()
    inside = Somebody(door, "user:7", address="::ffff:192.0.2.9").enter()
    outside = Somebody(door, "user:8", address="198.51.100.1").enter()
    nowhere = Somebody(door, "user:9", address="").enter()
    door.expel([expulsion("network:192.0.2.0/24")])
    assert (inside.left, outside.left, nowhere.left) == (["banned"], [], [])


def test_who_was_on_the_way_in_leaves_too() -> None:
    door = Door()
    person, network = Somebody(door, "user:7"), Somebody(door, "user:8", address="198.51.100.1")
    other = Somebody(door, "user:9")
    arrived = door.passed
    door.expel([expulsion("user:7"), expulsion("network:198.51.100.0/24")])
    for each in (person, network, other):
        each.enter(arrived)
    assert (person.left, network.left, other.left) == (["banned"], ["banned"], [])


def test_what_came_before_the_arrival_does_not_count() -> None:
    door = Door()
    door.expel([expulsion("user:7")])
    assert Somebody(door, "user:7").enter().left == []


def test_who_has_left_is_forgotten() -> None:
    door = Door()
    gone, here = Somebody(door, "user:7").enter(), Somebody(door, "user:7").enter()
    door.leave(gone.entry)
    door.expel([expulsion("user:7")])
    assert (gone.left, here.left) == ([], ["banned"])
    door.leave(here.entry)
    door.expel([expulsion("user:7"), expulsion("network:192.0.2.0/24")])
    assert here.left == ["banned"]


def test_who_is_due_is_known_as_soon_as_a_session_ends() -> None:
    door = Door()
    first = Somebody(door, "a", ends_at=10).enter()
    second = Somebody(door, "b", "more of b", ends_at=20).enter()
    Somebody(door, "a guest").enter()
    assert door.due(9.9) == []
    assert door.due(10) == [first.entry]
    assert set(door.due(20)) == {first.entry, second.entry}
    assert (first.left, second.left) == ([], []), "the database has the last word"


def test_a_session_that_was_extended_keeps_its_sockets_until_its_new_end() -> None:
    door = Door()
    ended, extended = (Somebody(door, key, ends_at=10).enter() for key in "ab")
    door.expire(door.due(10), {"b": 30.0})
    assert (ended.left, extended.left) == (["logged_out"], [])
    assert door.due(29) == []
    assert door.due(30) == [extended.entry]


def test_whose_session_ends_after_they_left_are_nobody() -> None:
    door = Door()
    gone = Somebody(door, "a", ends_at=10).enter()
    door.leave(gone.entry)
    assert door.due(10) == []
