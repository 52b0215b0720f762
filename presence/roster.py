"""Who is on this pod, by connection."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lease:
    """What one pod says of its people: connections, and a name for each that has one."""

    count: int
    usernames: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class People:
    """All pods together: how many, and their names, each once."""

    count: int
    names: tuple[str, ...]


class Roster:
    """Counts the connections of each name: a person leaves with the last of them."""

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
    """Join the pods' people. A person with several tabs, or on several pods, is one person;
    connections that a pod counts but does not name are one person each.
    """
    names: set[str] = set()
    nameless = 0
    for lease in leases:
        names.update(lease.usernames)
        nameless += max(0, lease.count - len(lease.usernames))
    return People(len(names) + nameless, tuple(sorted(names, key=str.casefold)))
