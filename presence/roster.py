"""The people of one pod by connection, and of several pods joined."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lease:
    """The people of one pod: the number of its connections, and the name of each named one."""

    count: int
    usernames: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class People:
    """The people of all pods: their number, and their names without repetition."""

    count: int
    names: tuple[str, ...]


class Roster:
    """A count of connections for each name: a person leaves with the last connection."""

    def __init__(self) -> None:
        self._connections: Counter[str] = Counter()

    def enter(self, name: str) -> None:
        self._connections[name] += 1

    def leave(self, name: str) -> None:
        self._connections[name] -= 1
        if not self._connections[name]:
            del self._connections[name]

    def lease(self) -> Lease:
        return Lease(self._connections.total(), tuple(sorted(self._connections.elements())))


def people(leases: Iterable[Lease]) -> People:
    """Join the people of these pods.

    A name is one person, however many tabs or pods it is on. A connection that a pod counts but
    does not name is one person.
    """
    names: set[str] = set()
    nameless = 0
    for lease in leases:
        names.update(lease.usernames)
        nameless += max(0, lease.count - len(lease.usernames))
    return People(len(names) + nameless, tuple(sorted(names, key=str.casefold)))
