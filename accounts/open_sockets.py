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
class OpenSocket:
    """A socket that somebody holds: what the holder may be expelled as, and the way to do it.

    `ends_at` is when its session ends, as far as is known here.
    """

    keys: frozenset[str]
    address: str
    leave: Callable[[str], None]  # is told the kind of the expulsion
    session: str = ""
    ends_at: float = inf


class OpenSockets:
    """Expels by key at once, and by network after a look at every socket."""

    def __init__(self) -> None:
        self.passed = 0  # expulsions that this pod has heard of
        self._sockets: dict[str, set[OpenSocket]] = {}
        self._soonest = inf  # no session ends before
        self._recent: deque[Expulsion] = deque(maxlen=REMEMBERED)

    def enter(self, socket: OpenSocket, arrived: int) -> None:
        """Let it in, and out again when that was called for since it arrived.

        `arrived` is what `passed` was before anybody looked up who this is: so no expulsion
        falls between the look and the open_sockets.
        """
        for key in socket.keys:
            self._sockets.setdefault(key, set()).add(socket)
        self._soonest = min(self._soonest, socket.ends_at)
        missed = min(self.passed - arrived, len(self._recent))
        for expulsion in list(self._recent)[len(self._recent) - missed :]:
            if socket in self._named(expulsion, [socket]):
                socket.leave(expulsion.kind)

    def leave(self, socket: OpenSocket) -> None:
        for key in socket.keys:
            sockets = self._sockets[key]
            sockets.discard(socket)
            if not sockets:
                del self._sockets[key]

    def expel(self, expulsions: Iterable[Expulsion]) -> None:
        for expulsion in expulsions:
            self.passed += 1
            self._recent.append(expulsion)
            for socket in list(self._named(expulsion, self._everyone())):
                socket.leave(expulsion.kind)

    def due(self, now: float) -> list[OpenSocket]:
        """Those whose session should be over: looked for when one is, not each time."""
        if now < self._soonest:
            return []
        self._soonest = min((socket.ends_at for socket in self._everyone()), default=inf)
        return list({socket for socket in self._everyone() if socket.ends_at <= now})

    def expire(self, due: Iterable[OpenSocket], ends: Mapping[str, float]) -> None:
        """Expel those of them whose session is not among `ends`; the others stay until then."""
        for socket in due:
            socket.ends_at = ends.get(socket.session, inf)
            if socket.session not in ends:
                socket.leave(Expulsion.LOGGED_OUT)

    def _everyone(self) -> Iterator[OpenSocket]:
        """As often as each has keys."""
        return (socket for sockets in self._sockets.values() for socket in sockets)

    def _named(self, expulsion: Expulsion, sockets: Iterable[OpenSocket]) -> Iterator[OpenSocket]:
        """Those of the sockets that have to leave."""
        if expulsion.key.startswith(NETWORK):
            network = ip_network(expulsion.key.removeprefix(NETWORK))
            for socket in sockets:
                if (address := parse_address(socket.address)) and address in network:
                    yield socket
        else:
            for socket in self._sockets.get(expulsion.key, ()):
                if expulsion.stays not in socket.keys:
                    yield socket
