"""The people of one pod, each with the number of their connections, and of several pods joined."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, repeat

MAX_LISTED = 2_000  # connections that a lease lists, so that its size has a bound


@dataclass(frozen=True, slots=True)
class Lease:
    """The people of one pod: the number of its connections, and the listed ones.

    A listed connection has the name of its person, and at the same place in `ids` the person's
    id. Without ids the people are known by their names alone, as on a pod of another make.
    """

    count: int
    usernames: tuple[str, ...]
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class People:
    """The people of all pods: their number, and a name for each whose name is known."""

    count: int
    names: tuple[str, ...]


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
        # One step of the interpreter: nobody enters or leaves within.
        first = list(islice(self._entries.items(), MAX_LISTED))
        listed = list(islice(_connections_of(first), MAX_LISTED))
        names = tuple(name for name, _person in listed)
        return Lease(self._connections, names, tuple(person for _name, person in listed))


def _connections_of(entries: Iterable[tuple[str, _Entry]]) -> Iterator[tuple[str, str]]:
    """Yield name and person of each connection."""
    for person, entry in entries:
        yield from repeat((entry.name, person), entry.connections)


def people(leases: Iterable[Lease], placeholder: str) -> People:
    """Join the people of these pods.

    An id is one person, however many tabs or pods it is on, and is listed by one name: by the
    first in the alphabet, but by none that begins with the placeholder if there is another.
    Two persons of one name are two, and the name is listed twice.

    A lease without ids counts by name. A name there that persons with an id bear is taken for
    one of them: it is counted no further, even where another person on that pod happens to have
    the same name. Any other name there is one person. A connection that is counted but not
    listed is one person without a name.
    """
    name_of: dict[str, str] = {}
    borne: set[str] = set()
    unidentified: set[str] = set()
    nameless = 0

    def rank(name: str) -> tuple[bool, str]:
        return name.startswith(placeholder), name

    for lease in leases:
        nameless += max(0, lease.count - len(lease.usernames))
        (borne if lease.ids else unidentified).update(lease.usernames)
        for person, name in zip(lease.ids, lease.usernames, strict=False):
            known = name_of.setdefault(person, name)
            if known != name:
                name_of[person] = min(known, name, key=rank)
    names = sorted([*name_of.values(), *(unidentified - borne)])
    names.sort(key=str.casefold)
    return People(len(names) + nameless, tuple(names))
