"""Whose sockets close, at the open_sockets of one pod."""

from math import inf

from accounts.models import Expulsion
from accounts.open_sockets import OpenSocket, OpenSockets


class Somebody:
    """A socket that writes down why it closed."""

    def __init__(
        self,
        open_sockets: OpenSockets,
        *keys: str,
        address: str = "192.0.2.7",
        ends_at: float = inf,
    ) -> None:
        self.left: list[str] = []
        self.socket = OpenSocket(frozenset(keys), address, self.left.append, keys[0], ends_at)
        self._door = open_sockets

    def enter(self, arrived: int | None = None) -> "Somebody":
        self._door.enter(self.socket, self._door.passed if arrived is None else arrived)
        return self


def expulsion(key: str, kind: str = Expulsion.BANNED) -> Expulsion:
    return Expulsion(key=key, kind=kind)


def test_all_sockets_of_a_person_close_and_no_others() -> None:
    open_sockets = OpenSockets()
    first, second = (Somebody(open_sockets, "user:7").enter() for _ in range(2))
    other = Somebody(open_sockets, "user:77").enter()
    open_sockets.expel([expulsion("user:7")])
    assert (first.left, second.left, other.left) == (["banned"], ["banned"], [])


def test_a_network_takes_everyone_in_it() -> None:
    open_sockets = OpenSockets()
    inside = Somebody(open_sockets, "user:7", address="::ffff:192.0.2.9").enter()
    outside = Somebody(open_sockets, "user:8", address="198.51.100.1").enter()
    nowhere = Somebody(open_sockets, "user:9", address="").enter()
    open_sockets.expel([expulsion("network:192.0.2.0/24")])
    assert (inside.left, outside.left, nowhere.left) == (["banned"], [], [])


def test_who_was_on_the_way_in_leaves_too() -> None:
    open_sockets = OpenSockets()
    person, network = (
        Somebody(open_sockets, "user:7"),
        Somebody(open_sockets, "user:8", address="198.51.100.1"),
    )
    other = Somebody(open_sockets, "user:9")
    arrived = open_sockets.passed
    open_sockets.expel([expulsion("user:7"), expulsion("network:198.51.100.0/24")])
    for each in (person, network, other):
        each.enter(arrived)
    assert (person.left, network.left, other.left) == (["banned"], ["banned"], [])


def test_what_came_before_the_arrival_does_not_count() -> None:
    open_sockets = OpenSockets()
    open_sockets.expel([expulsion("user:7")])
    assert Somebody(open_sockets, "user:7").enter().left == []


def test_who_has_left_is_forgotten() -> None:
    open_sockets = OpenSockets()
    gone, here = Somebody(open_sockets, "user:7").enter(), Somebody(open_sockets, "user:7").enter()
    open_sockets.leave(gone.socket)
    open_sockets.expel([expulsion("user:7")])
    assert (gone.left, here.left) == ([], ["banned"])
    open_sockets.leave(here.socket)
    open_sockets.expel([expulsion("user:7"), expulsion("network:192.0.2.0/24")])
    assert here.left == ["banned"]


def test_who_is_due_is_known_as_soon_as_a_session_ends() -> None:
    open_sockets = OpenSockets()
    first = Somebody(open_sockets, "a", ends_at=10).enter()
    second = Somebody(open_sockets, "b", "more of b", ends_at=20).enter()
    Somebody(open_sockets, "a guest").enter()
    assert open_sockets.due(9.9) == []
    assert open_sockets.due(10) == [first.socket]
    assert set(open_sockets.due(20)) == {first.socket, second.socket}
    assert (first.left, second.left) == ([], []), "the database has the last word"


def test_a_session_that_was_extended_keeps_its_sockets_until_its_new_end() -> None:
    open_sockets = OpenSockets()
    ended, extended = (Somebody(open_sockets, key, ends_at=10).enter() for key in "ab")
    open_sockets.expire(open_sockets.due(10), {"b": 30.0})
    assert (ended.left, extended.left) == (["logged_out"], [])
    assert open_sockets.due(29) == []
    assert open_sockets.due(30) == [extended.socket]


def test_whose_session_ends_after_they_left_are_nobody() -> None:
    open_sockets = OpenSockets()
    gone = Somebody(open_sockets, "a", ends_at=10).enter()
    open_sockets.leave(gone.socket)
    assert open_sockets.due(10) == []
