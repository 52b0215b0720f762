"""The blueprints that are open on the sockets of this pod."""

import asyncio
from collections.abc import Iterator, Sequence
from itertools import islice

from blueprints import metrics
from blueprints.models import Blueprint
from blueprints.protocol import Event, blueprint_changed, blueprint_gone, encode
from canvas.domain.errors import Busy
from canvas.pod.outbox import Frames
from canvas.ws.commands import Client

MAX_WATCHED = 2_000  # blueprints of one pod: all are looked up every two seconds

PER_TURN = 256  # sockets told before other tasks of the event loop run

Key = tuple[str, str]  # the slug of a canvas, and the id of a blueprint opened there


class Opening:
    """A blueprint on the sockets that have it open, and what these were told last.

    `shown` is the blueprint as it is told; None while it is not shown, or not looked up yet.
    """

    def __init__(self, slug: str, key: str) -> None:
        self.slug = slug
        self.key = key
        self.clients: dict[Client, None] = {}  # in the order in which they came
        self.shown: Blueprint | None = None
        self.is_known = False
        self._standing: Frames | None = None
        self._progress: Frames | None = None

    @property
    def is_gone(self) -> bool:
        """Tell whether its sockets have been told that there is no such blueprint to show."""
        return self.is_known and self.shown is None

    def welcome(self, client: Client) -> None:
        """Tell a newcomer what the others know."""
        self.clients[client] = None
        for frames in (self._standing, self._progress):
            if frames is not None:
                client.send(frames)

    def learn(self, found: Blueprint | None) -> None:
        """Take what a look has found, and tell it where it is another version, or none any more."""
        if found is not None and found.canvas.slug != self.slug:
            found = None
        known, self.is_known = self.is_known, True
        if known and version_of(found) == version_of(self.shown):
            return
        self.shown, self._progress = found, None
        event = blueprint_gone(self.key) if found is None else blueprint_changed(found)
        self._standing = self._tell(event)

    def tell_progress(self, event: Event) -> None:
        self._progress = self._tell(event)

    def _tell(self, event: Event) -> Frames:
        frames = Frames.of_text(encode(event))
        self._send(frames, tuple(self.clients))
        return frames

    def _send(self, frames: Frames, clients: Sequence[Client]) -> None:
        """Send to some at once, and to the others in the next turns of the event loop."""
        for client in clients[:PER_TURN]:
            if client in self.clients:
                client.send(frames)
        if len(clients) > PER_TURN:
            loop = asyncio.get_running_loop()
            loop.call_soon(self._send, frames, clients[PER_TURN:])


class Openings:
    """All openings of a pod, and those of each socket."""

    def __init__(self) -> None:
        self._by_key: dict[Key, Opening] = {}
        self._of_client: dict[Client, set[Key]] = {}

    def __iter__(self) -> Iterator[Opening]:
        return iter(tuple(self._by_key.values()))

    def __len__(self) -> int:
        return len(self._by_key)

    def ids(self) -> set[str]:
        return {key for _slug, key in self._by_key}

    def open(self, client: Client, ids: Sequence[str]) -> None:
        """Have these open on a socket, and no others; raise Busy, and change nothing."""
        wanted = {(client.slug, key) for key in ids}
        self._make_room(wanted)
        if client not in self._of_client:
            self._of_client[client] = set()
            client.at_end(lambda: self._forget(client))
        before = self._of_client[client]
        self._of_client[client] = wanted
        for key in before - wanted:
            self._close(client, key)
        for slug, opened in sorted(wanted - before):
            opening = self._by_key.setdefault((slug, opened), Opening(slug, opened))
            opening.welcome(client)
        metrics.open_blueprints.set(len(self))

    def _make_room(self, wanted: set[Key]) -> None:
        """Drop as many as are too many of those that are told to be gone, the oldest first.

        Their sockets do not hear it should they come back. Else ids that nobody has, which cost
        nothing to make up, would fill all places. Raise Busy, and drop none, where that is
        not enough.
        """
        excess = max(0, len(self._by_key.keys() | wanted) - MAX_WATCHED)
        gone = (key for key, each in self._by_key.items() if each.is_gone and key not in wanted)
        dropped = list(islice(gone, excess))
        if len(dropped) < excess:
            metrics.open_refused.inc()
            raise Busy("Too many blueprints are open on this server; try again.")
        for key in dropped:
            for client in self._by_key.pop(key).clients:
                self._of_client[client].discard(key)

    def _forget(self, client: Client) -> None:
        for key in self._of_client.pop(client):
            self._close(client, key)
        metrics.open_blueprints.set(len(self))

    def _close(self, client: Client, key: Key) -> None:
        opening = self._by_key[key]
        opening.clients.pop(client, None)
        if not opening.clients:
            del self._by_key[key]


def version_of(found: Blueprint | None) -> int | None:
    return None if found is None else found.version
