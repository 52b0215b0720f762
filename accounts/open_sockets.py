"""The open sockets of one pod, and closing those that an expulsion names."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from math import inf

from accounts.addresses import parse_address
from accounts.models import Expulsion

MAX_RECENT = 1000  # expulsions that are kept for sockets that were being let in meanwhile

NETWORK_PREFIX = "network:"


@dataclass(eq=False, slots=True)
class OpenSocket:
    """A socket with the keys that it can be expelled by, and the function that closes it.

    `ends_at` is the end of its session in seconds since the epoch, as far as this pod knows.
    """

    keys: frozenset[str]
    address: str
    close: Callable[[str], None]  # takes the kind of the expulsion
    session: str = ""
    ends_at: float = inf


class OpenSockets:
    """The sockets by key: an expulsion of a key looks at its own sockets alone.

    An expulsion of a network looks at every socket.
    """

    def __init__(self) -> None:
        self.expulsion_count = 0  # that this pod has carried out
        self._sockets: dict[str, set[OpenSocket]] = {}
        self._next_end = inf  # no session ends before
        self._recent: deque[Expulsion] = deque(maxlen=MAX_RECENT)

    def enter(self, socket: OpenSocket, expulsion_count: int) -> None:
        """Add a socket, and close it if one of the expulsions since its arrival names it.

        The argument is what `expulsion_count` was before the person was looked up: so an
        expulsion between the look-up and this call is not missed. Where there were more of them
        than are kept, the socket closes too: its client comes again.
        """
        for key in socket.keys:
            self._sockets.setdefault(key, set()).add(socket)
        self._next_end = min(self._next_end, socket.ends_at)
        missed = self.expulsion_count - expulsion_count
        if missed > len(self._recent):
            socket.close(Expulsion.LOGGED_OUT)
            return
        for expulsion in list(self._recent)[len(self._recent) - missed :]:
            if socket in self._matching(expulsion, [socket]):
                socket.close(expulsion.kind)

    def leave(self, socket: OpenSocket) -> None:
        for key in socket.keys:
            sockets = self._sockets[key]
            sockets.discard(socket)
            if not sockets:
                del self._sockets[key]

    def expel(self, expulsions: Iterable[Expulsion]) -> None:
        """Close the sockets that these expulsions name."""
        for expulsion in expulsions:
            self.expulsion_count += 1
            self._recent.append(expulsion)
            for socket in list(self._matching(expulsion, self._all())):
                socket.close(expulsion.kind)

    def due(self, now: float) -> list[OpenSocket]:
        """Return the sockets whose session should be over (`now` in seconds since the epoch).

        It looks at the sockets only when a session ends, so it may be called often.
        """
        if now < self._next_end:
            return []
        self._next_end = min((socket.ends_at for socket in self._all()), default=inf)
        return list({socket for socket in self._all() if socket.ends_at <= now})

    def expire(self, due: Iterable[OpenSocket], ends: Mapping[str, float]) -> None:
        """Close the due sockets whose session is not in `ends`; the others stay until its end.

        `ends` has the end of each running session in seconds since the epoch, by its key.
        """
        for socket in due:
            socket.ends_at = ends.get(socket.session, inf)
            if socket.session not in ends:
                socket.close(Expulsion.LOGGED_OUT)

    def _all(self) -> Iterator[OpenSocket]:
        """Yield every socket, once for each of its keys."""
        return (socket for sockets in self._sockets.values() for socket in sockets)

    def _matching(
        self, expulsion: Expulsion, sockets: Iterable[OpenSocket]
    ) -> Iterator[OpenSocket]:
        """Yield the sockets that the expulsion closes.

        `sockets` are the candidates for an expulsion of a network.
        """
        if expulsion.key.startswith(NETWORK_PREFIX):
            network = ip_network(expulsion.key.removeprefix(NETWORK_PREFIX))
            for socket in sockets:
                if (address := parse_address(socket.address)) and address in network:
                    yield socket
        else:
            for socket in self._sockets.get(expulsion.key, ()):
                if expulsion.stays not in socket.keys:
                    yield socket
