"""A client as the page is one: loads a board, follows the stream, draws, and comes back."""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import orjson

from canvas.domain.board import Board
from canvas.domain.pixel import Pixel
from canvas.pod.board_cache import BoardCopy
from canvas.protocol.close_codes import CloseCode
from canvas.protocol.frames import decode_pixels
from simulation.ledger import SLUG
from simulation.loop import VirtualLoop
from simulation.process import Process
from simulation.wire import Arrival, Wire

STUCK = 4.0  # seconds without what the server has, until it connects anew
SILENT = 20.0  # seconds without a word until it asks, and until it gives the connection up
AWAY = 5.0  # seconds until one who was sent away comes again
RETRIED = ("unavailable", "busy", "damaged", "flooding")


class Ask(NamedTuple):
    """A pixel that was asked for: what for, and when it was sent last."""

    x: int
    y: int
    color: str
    sent_at: float


class Judge(Protocol):
    """Holds what a client sees against the truth."""

    def pixel(self, client: "Client", seq: int, x: int, y: int, color: int) -> None: ...
    def board(self, client: "Client", epoch: int, seq: int, cells: bytes) -> None: ...
    def ack(self, client: "Client", client_id: str | None, event: dict[str, Any]) -> None: ...
    def wrong_for(self, client: "Client", what: str) -> None: ...


@dataclass
class Client:
    """`position` is the seq that the socket has reached, `seq` that of the client's own board."""

    loop: VirtualLoop
    number: int
    seed: str
    judge: Judge
    choose: Callable[[random.Random], Process | None]
    log: Callable[[str], None]
    session: str = ""
    actor: str = ""
    binary: bool = True
    direct: bool = True
    pace: float = 2.0  # seconds between two pixels, about
    draws: bool = True
    epoch: int | None = None
    seq: int = -1
    head: int = -1
    board: Board | None = None
    palette: Sequence[str] = ()
    wire: Wire | None = None
    process: Process | None = None
    is_greeted: bool = False
    is_paused: bool = False
    is_gone: bool = False  # for good
    lost_past: bool = False  # its board is of placements that the ledger has lost since
    position: int = -1
    connected_at: float = 0.0
    reads_since: float = 0.0
    asks: dict[str, Ask] = field(default_factory=dict)
    acked: dict[str, int] = field(default_factory=dict)
    _held: list[list[tuple[int, int, int, int]]] | None = None
    _fetching: int = 0
    _stuck_since: float | None = None
    _heard_at: float = 0.0
    _count: int = 0
    _loading: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        self.chance = random.Random(f"{self.seed}/client{self.number}")

    def begin(self) -> None:
        self.loop.call_later(self.chance.uniform(0, 1), self.load)
        self.loop.call_later(1.0 + self.chance.random(), self._tick)
        self.loop.call_later(self.chance.expovariate(1 / self.pace), self._draw)

    @property
    def is_live(self) -> bool:
        return self.wire is not None and self.is_greeted

    # --- the board

    def load(self) -> None:
        """Fetch the board; hold back what comes meanwhile."""
        if self.is_gone:
            return
        if self._held is None:
            self._held = []
        self._fetching += 1
        self._loading = self.loop.create_task(self._fetch(self._fetching))

    async def _fetch(self, number: int) -> None:
        process, copy = self.choose(self.chance), None
        if process is not None and process.pod is not None:
            task = process.run(process.pod.board_cache.newest(SLUG))
            either: set[asyncio.Future[Any]] = {task, process.died}
            await asyncio.wait(either, timeout=10, return_when="FIRST_COMPLETED")
            if task.done() and not task.cancelled() and task.exception() is None:
                copy = task.result()
            task.cancel()
        await asyncio.sleep(self.chance.uniform(0.01, 0.3))
        if number != self._fetching:
            return
        if copy is None:
            self.loop.call_later(self.chance.uniform(0.2, 2), self._load_again, number)
        else:
            self._install(copy)

    def _load_again(self, number: int) -> None:
        if number == self._fetching:
            self.load()

    def _install(self, copy: BoardCopy) -> None:
        meta = copy.meta
        if self.epoch is None or self.wire is None:
            self.epoch, self.head = meta.epoch, -1
        if meta.epoch != self.epoch:
            self._load_again_soon()
            return
        held, self._held = self._held or [], None
        self.board = Board(meta.width, meta.height, copy.seq, copy.cells)
        self.seq, self.head = copy.seq, max(self.head, copy.seq)
        self.lost_past = False
        self.judge.board(self, meta.epoch, copy.seq, copy.cells)
        whole = all(self._take(frame) for frame in held)
        if self.wire is None:
            self.connect()
        elif not whole:
            self.resume()

    def _load_again_soon(self) -> None:
        self.loop.call_later(self.chance.uniform(0.1, 1), self._load_again, self._fetching)

    def _pixels(self, pixels: list[tuple[int, int, int, int]]) -> None:
        first, last = pixels[0][0], pixels[-1][0]
        if first != self.position + 1:
            kind = "a hole" if first > self.position + 1 else "a doubling"
            self.judge.wrong_for(self, f"{kind}: {first} to {last} after {self.position}")
        self.position = last
        for pixel in pixels:
            self.judge.pixel(self, *pixel)
        if self._held is not None:
            self._held.append(pixels)
        elif not self._take(pixels):
            self.resume()

    def _take(self, pixels: list[tuple[int, int, int, int]]) -> bool:
        """Draw pixels; return False where some are missing before them."""
        first, last = pixels[0][0], pixels[-1][0]
        self.head = max(self.head, last)
        if last <= self.seq:
            return True
        if first > self.seq + 1 or self.board is None:
            return False
        news = [each for each in pixels if each[0] > self.seq]
        self.board.apply(Pixel(seq, x, y, color, "", 0) for seq, x, y, color in news)
        self.seq = last
        return True

    # --- the socket

    def connect(self) -> None:
        process = self.choose(self.chance)
        if self.wire is not None or self.is_gone:
            return
        if process is None:
            self.loop.call_later(self.chance.uniform(0.2, 1), self.connect)
            return
        wire = Wire(self.loop, process, random.Random(self.chance.random()), self._arrived)
        self.wire, self.process, self.is_greeted = wire, process, False
        self.connected_at = self._heard_at = self.loop.time()
        self.position = self.seq
        query = f"since={self.seq}&epoch={self.epoch}"
        how = {"binary": self.binary, "direct": self.direct}
        process.serve(wire, query, self.session, **how)

    def resume(self) -> None:
        """Connect anew from the last pixel that the board has."""
        self.hang_up()
        self.loop.call_later(self.chance.uniform(0, 0.5), self._connect_or_load)

    def hang_up(self) -> None:
        wire, self.wire = self.wire, None
        self.is_greeted = self.is_paused = False
        self._stuck_since = None
        if wire is not None:
            wire.close()

    def leave(self) -> None:
        """Go, and never come back."""
        self.is_gone = True
        self.hang_up()

    def _connect_or_load(self) -> None:
        if self.wire is None:
            self.load() if self.seq < 0 else self.connect()

    def _arrived(self, wire: Wire, arrival: Arrival) -> None:
        if wire is not self.wire:
            return
        self._heard_at = self.loop.time()
        if arrival.code is not None:
            self._closed(arrival.code)
        elif arrival.data is not None:
            self._pixels(list(decode_pixels(arrival.data)))
        elif arrival.text is not None:
            self._event(orjson.loads(arrival.text))

    def _closed(self, code: int) -> None:
        self.log(f"client {self.number} closed {code}")
        self.hang_up()
        wait = self.chance.uniform(0.1, 2)
        if code in (CloseCode.LOGGED_OUT, CloseCode.BANNED, CloseCode.UNACCEPTABLE):
            wait = AWAY
        again = self.load if code == CloseCode.TOO_SLOW else self._connect_or_load
        self.loop.call_later(wait, again)

    def _event(self, event: dict[str, Any]) -> None:
        kind = event["type"]
        if kind == "pixel_updated":
            color = self.palette.index(event["color"]) if event["color"] in self.palette else -1
            self._pixels([(event["seq"], event["x"], event["y"], color)])
        elif kind in ("hello", "canvas_changed"):
            if kind == "hello":
                self._greeted()
            self.palette = event["palette"]
            self._follow(event)
        elif kind == "resync":
            self.position = self.head = event["seq"]
            self.load()
        elif kind == "ack":
            self._acked(event)
        elif kind == "error" and event["id"] is not None:
            self._refused(event)
        elif kind == "pong" and not self.is_paused:
            self.head = max(self.head, event["seq"])

    def _greeted(self) -> None:
        self.is_greeted = True
        for client_id in list(self.asks):
            if self.chance.random() < 0.9:
                self._send(client_id)
            else:
                del self.asks[client_id]  # its answer will never be known

    def _follow(self, event: dict[str, Any]) -> None:
        board, size = self.board, (event["width"], event["height"])
        if event["epoch"] != self.epoch:
            self.epoch, self.head, self._held = event["epoch"], event["seq"], []
            self.load()
        else:
            self.head = max(self.head, event["seq"])
            if board is None or board.size != size:
                self.load()

    # --- drawing

    def _draw(self) -> None:
        self.loop.call_later(self.chance.expovariate(1 / self.pace), self._draw)
        if not (self.draws and self.is_live and self.board is not None and len(self.asks) < 50):
            return
        for _ in range(self.chance.choice([1, 1, 1, 2, 5])):
            self._count += 1
            x, y = self.chance.randrange(self.board.width), self.chance.randrange(self.board.height)
            color = self.chance.choice(self.palette)
            client_id = f"{self.number}-{self._count}"
            self.asks[client_id] = Ask(x, y, color, 0.0)
            self._send(client_id)

    def _send(self, client_id: str) -> None:
        if self.wire is None or client_id not in self.asks:
            return
        ask = self.asks[client_id] = self.asks[client_id]._replace(sent_at=self.loop.time())
        message = {"type": "pixel_update", "x": ask.x, "y": ask.y, "color": ask.color}
        self.wire.say(orjson.dumps(message | {"id": client_id}).decode())

    def _acked(self, event: dict[str, Any]) -> None:
        client_id = event["id"]
        self.judge.ack(self, client_id, event)
        if client_id in self.asks:
            del self.asks[client_id]
        self.acked[client_id] = event["seq"]

    def _refused(self, event: dict[str, Any]) -> None:
        client_id = event["id"]
        if event["code"] in RETRIED:
            self.loop.call_later(self.chance.uniform(0.5, 2), self._send, client_id)
        else:
            self.asks.pop(client_id, None)

    # --- looking after itself

    def _tick(self) -> None:
        now = self.loop.time()
        self.loop.call_later(1.0, self._tick)
        if self.wire is None or not self.wire.is_read:
            return
        if now - self._heard_at > 2 * SILENT:
            self.log(f"client {self.number} gives a silent connection up")
            self.resume()
            return
        if now - self._heard_at > SILENT or self.chance.random() < 0.1:
            self.wire.say('{"type":"ping"}')
        behind = self.is_greeted and not self.is_paused and self._held is None
        if not behind or self.seq >= self.head:
            self._stuck_since = None
        elif self._stuck_since is None:
            self._stuck_since = now
        elif now - self._stuck_since > STUCK:
            self.resume()

    def hide(self, *, paused: bool) -> None:
        """Have the page hidden, or seen again."""
        if self.is_live and self.wire is not None:
            self.is_paused = paused
            self.wire.say(orjson.dumps({"type": "view", "paused": paused}).decode())

    def stop_reading(self, seconds: float) -> None:
        """Read nothing from this socket for so long."""
        wire = self.wire
        if wire is not None:
            self.reads_since = self.loop.time() + seconds
            wire.stop_reading()
            self.loop.call_later(seconds, wire.go_on_reading)
