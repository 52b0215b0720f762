"""All people of a site: who is where, and what they have seen in this round."""

import asyncio
import math
import random
import traceback
from collections import Counter
from collections.abc import Coroutine, Sequence
from typing import Any

from canvas.protocol.frames import decode_pixels
from stress.checker import Held, Kind, Observed, Pixel, Violation
from stress.client import Client, Frame
from stress.drawer import Drawer
from stress.guest import new_guest
from stress.site import SIDE, Site

OPENED_AT_ONCE = 50  # clients that begin at the same time
COMING = 60.0  # seconds in which clients have to be connected when nothing is wrong
POLL = 0.02  # seconds


class Crowd:
    """The clients, of whom the first few draw."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.observed = Observed()
        self.is_excused = False  # while the database is down, a 503 is the right answer
        self._excused_until = 0.0  # the time of the loop at which it was back
        self.is_drawing = False
        self.is_probed = False  # whether there are requests beside the sockets
        self.excused = 0
        self.connections = 0  # opened so far
        self.clients: list[Client] = []
        self.drawers: list[Drawer] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._broken: list[str] = []  # exceptions of the stress itself, for the next report
        self._frames: dict[tuple[int | None, bytes], Frame] = {}
        self._delivered: dict[int | None, dict[int, Pixel]] = {}

    async def come(self) -> None:
        """Open all sockets, a few at a time."""
        asyncio.get_running_loop().set_exception_handler(self._note)
        load = self.site.load
        for number in range(load.sockets):
            if number < load.drawers:
                drawer = await self._drawer(number, load.rate / load.drawers)
                self.drawers.append(drawer)
                self.clients.append(drawer.client)
            else:
                self.clients.append(Client(self, number))
        for start in range(0, load.sockets, OPENED_AT_ONCE):
            coming = self.clients[start : start + OPENED_AT_ONCE]
            self.begin(*(client.run() for client in coming))
            await self._all_live(coming)
        self.begin(*(drawer.run() for drawer in self.drawers))

    async def _drawer(self, number: int, rate: float) -> Drawer:
        guest = await new_guest(self.site.pods[number % len(self.site.pods)].port)
        client = Client(self, number, f"Cookie: {guest.cookie}")
        return Drawer(self, client, guest.actor, number, rate)

    async def spread(self) -> None:
        """Have people move to pods that have few, as those do that were started again."""
        share = -(-len(self.clients) // len(self.site.pods))
        counts: Counter[int] = Counter()
        for client in random.sample(self.clients, len(self.clients)):
            counts[client.port] += 1
            if counts[client.port] > share:
                client.move()
        await self._all_live(self.clients)

    async def _all_live(self, clients: Sequence[Client]) -> None:
        async with asyncio.timeout(COMING):
            while not all(client.is_live for client in clients):  # noqa: ASYNC110
                await asyncio.sleep(POLL)

    def begin(self, *works: Coroutine[Any, Any, None]) -> None:
        """Have work done until all go."""
        for work in works:
            task = asyncio.create_task(work)
            task.add_done_callback(self.ended)
            self._tasks.append(task)

    async def go(self) -> None:
        """End all work; raise RuntimeError for exceptions that no round has reported."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)  # `ended` has noted them
        for client in self.clients:
            client.hang_up()
        if self._broken:
            raise RuntimeError("; ".join(self._broken))

    # --- exceptions of the stress itself: with each of them less is tried than it seems

    def ended(self, task: asyncio.Task[None]) -> None:
        """Note the exception that has ended some work, if any."""
        if not task.cancelled() and (error := task.exception()) is not None:
            self._broke(error)

    def _note(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Note an exception of a callback, as those are that hear what comes on a socket."""
        error = context.get("exception")
        if error is None or isinstance(error, OSError):
            loop.default_exception_handler(context)
        else:
            self._broke(error)

    def _broke(self, error: BaseException) -> None:
        traceback.print_exception(error)
        self._broken.append(repr(error))

    # --- what clients ask of it

    @property
    def has_lost_rows(self) -> bool:
        """Tell whether a failover has lost placements that people know."""
        return self.site.forfeited_before > 0

    def choose(self, but: int) -> int:
        """Return the port of a pod, those with few of our clients first; not that port again."""
        ports = [pod.port for pod in self.site.pods if pod not in self.site.absent]
        counts = Counter(client.port for client in self.clients)
        others = [port for port in ports if port != but] or [pod.port for pod in self.site.pods]
        return min(others, key=lambda port: (counts[port], random.random()))

    def say(self, kind: Kind, what: str) -> None:
        self.observed.noticed.append(Violation(kind, what))

    def refused(self, what: str, asked_at: float = math.inf) -> None:
        """Note a 5xx, or what is one over the WebSocket; `asked_at` is a time of the loop.

        What waits on a connection that was lost in silence is answered when it has waited for long
        enough: it is excused where the database was down at any moment since.
        """
        if self.is_excused or asked_at < self._excused_until:
            self.excused += 1
        else:
            self.say(Kind.REFUSED, what)

    def pod_at(self, port: int) -> str:
        """Return the name of a pod by its port; faults of one pod strike the first."""
        ports = [pod.port for pod in self.site.pods]
        return f"pod-{ports.index(port) + 1}"

    def frame(self, epoch: int | None, payload: bytes) -> Frame:
        """Decode a frame once for all who get it, and remember its pixels for the checker."""
        frame = self._frames.get((epoch, payload))
        if frame is None:
            pixels = list(decode_pixels(payload))
            cells = tuple((y * SIDE + x, color) for _seq, x, y, color in pixels)
            frame = Frame(pixels[0][0], pixels[-1][0], cells)
            self._frames[epoch, payload] = frame
            delivered = self._delivered.setdefault(epoch, {})
            for seq, *pixel in pixels:
                if delivered.setdefault(seq, Pixel(*pixel)) != Pixel(*pixel):
                    self.say(Kind.HOLE, f"{seq} was delivered as two pixels")
        return frame

    # --- what a round asks of it

    def excuse(self, excused: bool) -> None:
        """Take a 503 for the right answer, or for a wrong one to all that is asked from now on."""
        if self.is_excused and not excused:
            self._excused_until = asyncio.get_running_loop().time()
        self.is_excused = excused

    def begin_round(self, fewest: int = 0) -> None:
        """Forget what the former round has seen; in this one there have to be so many acks."""
        self.observed, self.excused = Observed(fewest=fewest, is_probed=self.is_probed), 0
        self._frames.clear()
        self._delivered.clear()
        for drawer in self.drawers:
            for ask in drawer.asks.values():
                self.observed.asks[drawer.actor, ask.pixel] += 1

    def seen(self, epoch: int) -> Observed:
        """Return what this round has seen, with the boards as they are now."""
        observed = self.observed
        observed.noticed += [Violation(Kind.BROKEN, what) for what in self._broken]
        self._broken.clear()
        observed.delivered = self._delivered.get(epoch, {})
        observed.boards = [
            Held(f"client {each.number}", each.seq, bytes(each.board or b""))
            for each in self.clients
        ]
        observed.unanswered = sum(len(drawer.asks) for drawer in self.drawers)
        return observed

    def waits(self, before: float) -> bool:
        """Tell whether an ask from before that time has no answer."""
        return any(ask.first_at < before for each in self.drawers for ask in each.asks.values())

    def reached(self, epoch: int, seq: int) -> bool:
        """Tell whether every client is connected and has the board of that seq, or later."""
        return all(
            each.is_live and each.epoch == epoch and each.seq >= seq for each in self.clients
        )
