"""The people of several pods joined: changed lease by lease, never worked out anew."""

from collections import Counter
from collections.abc import Iterable, Iterator, KeysView
from dataclasses import dataclass
from functools import partial
from itertools import chain

from sortedcontainers import SortedList

from presence.roster import NO_LEASE, Lease

LISTED = 200  # names in one list of people
STEP = 250  # changes of people until others have their turn: 2 ms

Pair = tuple[str, str]  # a person's id and name; without an id "" and a name


@dataclass(frozen=True, slots=True)
class People:
    """The people of all pods: their number, and some of their names, at most LISTED."""

    count: int
    names: tuple[str, ...]


@dataclass(slots=True)
class _Share:
    """The part of the crowd that one pod's lease adds."""

    lease: Lease
    pairs: frozenset[Pair]

    @property
    def nameless(self) -> int:
        return max(0, self.lease.count - len(self.lease.usernames))

    @property
    def unsigned(self) -> int:
        return 0 if self.lease.is_signed else self.lease.people


_NOTHING = _Share(NO_LEASE, frozenset())


class Crowd:
    """The people on all pods, by the leases of these.

    An id is one person, however many tabs or pods it is on, and is listed by one name: by the
    first in the alphabet, but by none that begins with the placeholder if there is another.
    Two persons of one name are two, and the name is listed twice.

    A lease without ids counts by name. A name there that persons with an id bear is taken for
    one of them: it is counted no further, even where another person on that pod happens to have
    the same name. Any other name there is one person. A connection that is counted but not
    listed is one person without a name.

    Another lease costs as much as differs from the one before, however large the crowd is.
    """

    def __init__(self, placeholder: str) -> None:
        self._placeholder = placeholder
        self._shares: dict[str, _Share] = {}
        self._nameless = 0
        self._pairs = 0
        self._unsigned = 0
        self._names_of: dict[str, list[str]] = {}  # a person's, one for each pair of a lease
        self._borne = Counter[str]()  # by people with an id
        self._unidentified = Counter[str]()  # in leases without ids
        self._listed = SortedList()  # of tuples: the name without case, the name

    def __len__(self) -> int:
        """Return the number of people."""
        return len(self._listed) + self._nameless

    def leases(self) -> dict[str, Lease]:
        """Return the newest lease of each pod by its id."""
        shares = dict(self._shares)  # one step of the interpreter: any thread may ask
        return {pod_id: share.lease for pod_id, share in shares.items()}

    def pods(self) -> KeysView[str]:
        return self._shares.keys()

    def names(self, offset: int) -> tuple[str, ...]:
        """Return the names from a place on in the alphabet."""
        return tuple(name for _key, name in self._listed.islice(offset, offset + LISTED))

    def names_besides(self, pod_id: str) -> int:
        """Return how many names the leases of all pods but one list."""
        return self._pairs - len(self._shares.get(pod_id, _NOTHING).pairs)

    @property
    def unsigned(self) -> int:
        """The people of leases without a signature."""
        return self._unsigned

    def unsigned_besides(self, pod_id: str) -> int:
        """Return how many of them are of other pods than one."""
        return self._unsigned - self._shares.get(pod_id, _NOTHING).unsigned

    def people(self) -> People:
        return People(len(self), self.names(0))

    def replace(self, pod_id: str, lease: Lease) -> None:
        """Take the newest lease of a pod, in place of the one before."""
        for _ in self.replacing(pod_id, lease):
            pass

    def replacing(self, pod_id: str, lease: Lease) -> Iterator[None]:
        """Take the newest lease, and yield after each STEP changes: half done, some are missing."""
        before = self._shares.get(pod_id, _NOTHING)
        if pod_id in self._shares and before.lease == lease:
            return
        ids = lease.ids or [""] * len(lease.usernames)
        share = _Share(lease, frozenset(zip(ids, lease.usernames, strict=True)))
        changes = chain(
            (partial(self._take, *pair) for pair in before.pairs - share.pairs),
            (partial(self._add, *pair) for pair in share.pairs - before.pairs),
        )
        for number, change in enumerate(changes, start=1):
            change()
            if number % STEP == 0:
                yield
        self._nameless += share.nameless - before.nameless
        self._pairs += len(share.pairs) - len(before.pairs)
        self._unsigned += share.unsigned - before.unsigned
        self._shares[pod_id] = share

    def forget(self, pod_id: str) -> None:
        """Drop the people of a pod that is no more."""
        self.replace(pod_id, NO_LEASE)
        self._shares.pop(pod_id, None)

    def _add(self, person: str, name: str) -> None:
        if not person:
            self._unidentified[name] += 1
            if self._unidentified[name] == 1 and not self._borne[name]:
                self._list(name)
            return
        names = self._names_of.setdefault(person, [])
        shown = self._shown(names)
        names.append(name)
        self._show(shown, self._shown(names))
        self._borne[name] += 1
        if self._borne[name] == 1 and self._unidentified[name]:
            self._unlist(name)

    def _take(self, person: str, name: str) -> None:
        if not person:
            _decrease(self._unidentified, name)
            if not self._unidentified[name] and not self._borne[name]:
                self._unlist(name)
            return
        names = self._names_of[person]
        shown = self._shown(names)
        names.remove(name)
        self._show(shown, self._shown(names))
        if not names:
            del self._names_of[person]
        _decrease(self._borne, name)
        if not self._borne[name] and self._unidentified[name]:
            self._list(name)

    def _shown(self, names: Iterable[str]) -> str | None:
        """Return the name that a person is listed by; None for a person without one."""
        return min(names, key=lambda name: (name.startswith(self._placeholder), name), default=None)

    def _show(self, before: str | None, now: str | None) -> None:
        """List a person by another name; None stands for not at all."""
        if before == now:
            return
        if before is not None:
            self._unlist(before)
        if now is not None:
            self._list(now)

    def _list(self, name: str) -> None:
        self._listed.add((name.casefold(), name))

    def _unlist(self, name: str) -> None:
        self._listed.remove((name.casefold(), name))


def _decrease(counts: Counter[str], name: str) -> None:
    """Count one fewer; forget a name that is counted no more."""
    counts[name] -= 1
    if not counts[name]:
        del counts[name]
