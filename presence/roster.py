"""The people of one pod, each with the number of their connections."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, repeat

MAX_LISTED = 2_000  # connections that a lease lists, so that its size has a bound


@dataclass(frozen=True, slots=True)
class Lease:
    """The people of one pod: the number of its connections, and the listed ones.

    A listed connection has the name of its person, and at the same place in `ids` the person's
    id. Without ids the people are known by their names alone, as on a pod of another make. Such a
    pod does not sign its lease, nor does anybody who lies.
    """

    count: int
    usernames: tuple[str, ...]
    ids: tuple[str, ...] = ()
    is_signed: bool = False

    @property
    def people(self) -> int:
        """The most people that it can stand for."""
        return max(self.count, len(self.usernames))


NO_LEASE = Lease(0, ())


@dataclass(slots=True)
class _Entry:
    name: str
    connections: int


class Roster:
    """The people of one pod by id, in the order in which they came.

    A person leaves with the last connection. Nothing but `lease` takes longer with more people,
    and that only up to MAX_LISTED.
    """

    def __init__(self, placeholder: str) -> None:
        self._placeholder = placeholder
        self._entries: dict[str, _Entry] = {}
        self._connections = 0

    def enter(self, person: str, name: str) -> None:
        """Add a connection. A name that the person has chosen is not lost to a placeholder."""
        self._connections += 1
        entry = self._entries.setdefault(person, _Entry(name, 0))
        entry.connections += 1
        if not name.startswith(self._placeholder):
            entry.name = name

    def leave(self, person: str) -> None:
        self._connections -= 1
        entry = self._entries[person]
        entry.connections -= 1
        if not entry.connections:
            del self._entries[person]

    def rename(self, person: str, name: str) -> bool:
        """Give one who is here another name, on all connections; tell whether it is new."""
        entry = self._entries[person]
        is_new = entry.name != name
        entry.name = name
        return is_new

    def lease(self) -> Lease:
        """List the connections of those who came first, up to MAX_LISTED; count all of them.

        Any thread may ask.
        """
        # A copy is one step of the interpreter: nobody enters or leaves within. A list of the items
        # is not: each is an object, which may start the garbage collector and its callbacks.
        first = list(islice(self._entries.copy().items(), MAX_LISTED))
        listed = list(islice(_connections_of(first), MAX_LISTED))
        names = tuple(name for name, _person in listed)
        return Lease(self._connections, names, tuple(person for _name, person in listed))


def _connections_of(entries: Iterable[tuple[str, _Entry]]) -> Iterator[tuple[str, str]]:
    """Yield name and person of each connection."""
    for person, entry in entries:
        yield from repeat((entry.name, person), entry.connections)
