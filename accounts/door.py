"""The sockets of one pod, by whom they belong to: who comes in, and who has to leave."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from math import inf

from accounts.addresses import parse_address
from accounts.models import Expulsion

REMEMBERED = 1000  # expulsions, for those who were on their way in when one came

NETWORK = "network:"


@dataclass(eq=False, slots=True)
class Entry:
    """A socket that somebody holds: what the holder may be expelled as, and the way to do it.

    `ends_at` is when its session ends, as far as is known here.
    """

    keys: frozenset[str]
    address: str
    leave: Callable[[str], None]  # is told the kind of the expulsion
    session: str = ""
    ends_at: float = inf


class Door:
    """Expels by key at once, and by network after a look at every socket."""

    def __init__(self) -> None:
        self.passed = 0  # expulsions that this pod has heard of
        self._entries: dict[str, set[Entry]] = {}
        self._soonest = inf  # no session ends before
        self._recent: deque[Expulsion] = deque(maxlen=REMEMBERED)

    def enter(self, entry: Entry, arrived: int) -> None:
        """Let it in, and out again when that was called for since it arrived.

        `arrived` is what `passed` was before anybody looked up who this is: so no expulsion
        falls between the look and the door.
        """
        for key in entry.keys:
            self._entries.setdefault(key, set()).add(entry)
        self._soonest = min(self._soonest, entry.ends_at)
        missed = min(self.passed - arrived, len(self._recent))
        for expulsion in list(self._recent)[len(self._recent) - missed :]:
            if entry in self._named(expulsion, [entry]):
                entry.leave(expulsion.kind)

    def leave(self, entry: Entry) -> None:
        for key in entry.keys:
            entries = self._entries[key]
            entries.discard(entry)
            if not entries:
                del self._entries[key]

    def expel(self, expulsions: Iterable[Expulsion]) -> None:
        for expulsion in expulsions:
            self.passed += 1
            self._recent.append(expulsion)
            for entry in list(self._named(expulsion, self._everyone())):
                entry.leave(expulsion.kind)

    def due(self, now: float) -> list[Entry]:
        """Those whose session should be over: looked for when one is, not each time."""
        if now < self._soonest:
            return []
        self._soonest = min((entry.ends_at for entry in self._everyone()), default=inf)
        return list({entry for entry in self._everyone() if entry.ends_at <= now})

    def expire(self, due: Iterable[Entry], ends: Mapping[str, float]) -> None:
        """Expel those of them whose session is not among `ends`; the others stay until then."""
        for entry in due:
            entry.ends_at = ends.get(entry.session, inf)
            if entry.session not in ends:
                entry.leave(Expulsion.LOGGED_OUT)

    def _everyone(self) -> Iterator[Entry]:
        """As often as each has keys."""
        return (entry for entries in self._entries.values() for entry in entries)

    def _named(self, expulsion: Expulsion, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Those of the entries that have to leave."""
        if expulsion.key.startswith(NETWORK):
            network = ip_network(expulsion.key.removeprefix(NETWORK))
            for entry in entries:
                if (address := parse_address(entry.address)) and address in network:
                    yield entry
        else:
            for entry in self._entries.get(expulsion.key, ()):
                if expulsion.stays not in entry.keys:
                    yield entry
