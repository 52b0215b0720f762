"""Open sockets of one pod, and the ones that an expulsion or the end of a session closes."""

from math import inf

from accounts.models import Expulsion
from accounts.open_sockets import MAX_RECENT, OpenSocket, OpenSockets


class Client:
    """A socket that records the reasons for which it was closed."""

    def __init__(
        self,
        open_sockets: OpenSockets,
        *keys: str,
        address: str = "192.0.2.7",
        ends_at: float = inf,
    ) -> None:
        self.closed: list[str] = []
        self.socket = OpenSocket(frozenset(keys), address, self.closed.append, keys[0], ends_at)
        self._open_sockets = open_sockets

    def enter(self, expulsion_count: int | None = None) -> "Client":
        if expulsion_count is None:
            expulsion_count = self._open_sockets.expulsion_count
        self._open_sockets.enter(self.socket, expulsion_count)
        return self


def expulsion(key: str, kind: str = Expulsion.BANNED) -> Expulsion:
    return Expulsion(key=key, kind=kind)


def test_all_sockets_of_a_person_close_and_no_others() -> None:
    open_sockets = OpenSockets()
    first, second = (Client(open_sockets, "user:7").enter() for _ in range(2))
    other = Client(open_sockets, "user:77").enter()
    open_sockets.expel([expulsion("user:7")])
    assert (first.closed, second.closed, other.closed) == (["banned"], ["banned"], [])


def test_a_socket_that_may_have_missed_its_expulsion_closes() -> None:
    open_sockets = OpenSockets()
    before = open_sockets.expulsion_count
    open_sockets.expel([expulsion("user:7")])
    open_sockets.expel(expulsion(f"user:{number}") for number in range(100, 100 + MAX_RECENT - 1))
    seen = Client(open_sockets, "user:7").enter(before)
    spared = Client(open_sockets, "user:8").enter(before)
    open_sockets.expel([expulsion("user:99")])
    unknown = Client(open_sockets, "user:7").enter(before)
    assert (seen.closed, spared.closed, unknown.closed) == (["banned"], [], ["logged_out"])


def test_all_sockets_of_a_network_close() -> None:
    open_sockets = OpenSockets()
    member = Client(open_sockets, "user:7", address="::ffff:192.0.2.9").enter()
    other = Client(open_sockets, "user:8", address="198.51.100.1").enter()
    unknown = Client(open_sockets, "user:9", address="").enter()
    open_sockets.expel([expulsion("network:192.0.2.0/24")])
    assert (member.closed, other.closed, unknown.closed) == (["banned"], [], [])


def test_an_expulsion_during_the_look_up_closes_the_socket() -> None:
    open_sockets = OpenSockets()
    person, network = (
        Client(open_sockets, "user:7"),
        Client(open_sockets, "user:8", address="198.51.100.1"),
    )
    other = Client(open_sockets, "user:9")
    expulsion_count = open_sockets.expulsion_count
    open_sockets.expel([expulsion("user:7"), expulsion("network:198.51.100.0/24")])
    for each in (person, network, other):
        each.enter(expulsion_count)
    assert (person.closed, network.closed, other.closed) == (["banned"], ["banned"], [])


def test_an_expulsion_before_the_look_up_does_not_count() -> None:
    open_sockets = OpenSockets()
    open_sockets.expel([expulsion("user:7")])
    assert Client(open_sockets, "user:7").enter().closed == []


def test_a_socket_that_left_is_forgotten() -> None:
    open_sockets = OpenSockets()
    gone, here = Client(open_sockets, "user:7").enter(), Client(open_sockets, "user:7").enter()
    open_sockets.leave(gone.socket)
    open_sockets.expel([expulsion("user:7")])
    assert (gone.closed, here.closed) == ([], ["banned"])
    open_sockets.leave(here.socket)
    open_sockets.expel([expulsion("user:7"), expulsion("network:192.0.2.0/24")])
    assert here.closed == ["banned"]


def test_sockets_are_due_as_soon_as_their_session_ends() -> None:
    open_sockets = OpenSockets()
    first = Client(open_sockets, "a", ends_at=10).enter()
    second = Client(open_sockets, "b", "more of b", ends_at=20).enter()
    Client(open_sockets, "a guest").enter()
    assert open_sockets.due(9.9) == []
    assert open_sockets.due(10) == [first.socket]
    assert set(open_sockets.due(20)) == {first.socket, second.socket}
    assert (first.closed, second.closed) == ([], []), "the database has the last word"


def test_a_session_that_was_extended_keeps_its_sockets_until_its_new_end() -> None:
    open_sockets = OpenSockets()
    ended, extended = (Client(open_sockets, key, ends_at=10).enter() for key in "ab")
    open_sockets.expire(open_sockets.due(10), {"b": 30.0})
    assert (ended.closed, extended.closed) == (["logged_out"], [])
    assert open_sockets.due(29) == []
    assert open_sockets.due(30) == [extended.socket]


def test_a_socket_that_left_is_never_due() -> None:
    open_sockets = OpenSockets()
    gone = Client(open_sockets, "a", ends_at=10).enter()
    open_sockets.leave(gone.socket)
    assert open_sockets.due(10) == []
