"""Whose sockets close, at the door of one pod."""

from accounts.door import Door, Entry
from accounts.models import Expulsion


class Somebody:
    """A socket that writes down why it closed."""

    def __init__(self, door: Door, *keys: str, address: str = "192.0.2.7") -> None:
        self.left: list[str] = []
        self.entry = Entry(frozenset(keys), address, self.left.append)
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
