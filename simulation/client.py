"""A client as the page is one: loads a board, follows the stream, draws, and comes back."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import orjson

from accounts.people import Person
from canvas.pod.board_cache import BoardCopy
from canvas.protocol.close_codes import CloseCode
from canvas.protocol.frames import decode_pixels
from simulation.download import Download
from simulation.drawer import Drawer, Event, Sight
from simulation.judge import Judge
from simulation.local_board import LocalBoard, Pixels
from simulation.loop import VirtualLoop
from simulation.orders import Orders
from simulation.posts import Posts
from simulation.process import Process, Visit
from simulation.wire import Arrival, Wire

SILENT = 20.0  # seconds without a word until it asks, and until it gives the connection up
AWAY = 5.0  # seconds until one who was sent away comes again


@dataclass
class Client:
    """`position` is the seq that the socket has reached; `fancied` are colours that it draws with,
    though it may not have heard of them yet.
    """

    loop: VirtualLoop
    number: int
    seed: str
    judge: Judge
    choose: Callable[[random.Random], Process | None]
    log: Callable[[str], None]
    person: Person
    posts: Posts
    visit: Visit
    draws: bool = True
    board: LocalBoard = field(default_factory=LocalBoard)
    palette: Sequence[str] = ()
    fancied: Sequence[str] = ()
    wire: Wire | None = None
    process: Process | None = None
    is_greeted: bool = False
    is_paused: bool = False
    is_gone: bool = False  # for good
    position: int = -1
    connected_at: float = 0.0
    reads_since: float = 0.0
    _heard_at: float = 0.0

    def __post_init__(self) -> None:
        self.chance = random.Random(f"{self.seed}/client{self.number}")
        self.orders = Orders(self.number, self.chance)
        post = partial(self.posts.place, self.chance, self.slug, self.person)
        ways = self._look, self._say, post, self._answered
        self._drawer = Drawer(self.loop, self.chance, self.orders, *ways)
        how = self.loop, self.chance, self.choose, self.load, self._install
        self._download = Download(self.slug, *how)

    def begin(self, pace: float, posts: float) -> None:
        """Begin to load and to draw: every `pace` seconds, the share of `posts` by HTTP."""
        self.loop.call_later(self.chance.uniform(0, 1), self.load)
        self.loop.call_later(1.0 + self.chance.random(), self._tick)
        self._drawer.begin(pace, posts)

    @property
    def slug(self) -> str:
        return self.visit.slug

    @property
    def actor(self) -> str:
        return self.person.id

    @property
    def is_live(self) -> bool:
        return self.wire is not None and self.is_greeted

    # --- the board

    def load(self) -> None:
        """Fetch the board; hold back what comes meanwhile."""
        if self.is_gone:
            return
        self.board.hold()
        self._download.begin()

    def _install(self, copy: BoardCopy) -> None:
        meta, board = copy.meta, self.board
        if board.epoch is None or self.wire is None:
            board.epoch, board.head = meta.epoch, -1
        if meta.epoch != board.epoch:
            self._download.begin_again_soon()
            return
        board.lost_past = False
        self.judge.board(self, meta.epoch, copy.seq, copy.cells)
        whole = board.install(copy)
        if self.wire is None:
            self.connect()
        elif not whole:
            self.resume()

    def _pixels(self, pixels: Pixels) -> None:
        first, last = pixels[0][0], pixels[-1][0]
        if first != self.position + 1:
            kind = "a hole" if first > self.position + 1 else "a doubling"
            self.judge.wrong_for(self, f"{kind}: {first} to {last} after {self.position}")
        self.position = last
        for pixel in pixels:
            self.judge.pixel(self, *pixel)
        if self.board.held is not None:
            self.board.held.append(pixels)
        elif not self.board.take(pixels):
            self.resume()

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
        self.position = self.board.seq
        process.serve(wire, f"since={self.board.seq}&epoch={self.board.epoch}", self.visit)

    def resume(self) -> None:
        """Connect anew from the last pixel that the board has."""
        self.hang_up()
        self.loop.call_later(self.chance.uniform(0, 0.5), self._connect_or_load)

    def hang_up(self) -> None:
        wire, self.wire = self.wire, None
        self.is_greeted = self.is_paused = False
        self.board.stuck_since = None
        if wire is not None:
            wire.close()

    def leave(self) -> None:
        """Go, and never come back."""
        self.is_gone = True
        self.hang_up()

    def _connect_or_load(self) -> None:
        if self.wire is None:
            self.load() if self.board.seq < 0 else self.connect()

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

    def _event(self, event: Event) -> None:
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
            self.position = self.board.head = event["seq"]
            self.load()
        elif kind in ("ack", "error"):
            self._answered(event["id"], event)
        elif kind == "pong" and not self.is_paused:
            self.board.head = max(self.board.head, event["seq"])

    def _greeted(self) -> None:
        self.is_greeted = True
        for client_id in self.orders.again():
            self._drawer.send(client_id)

    def _follow(self, event: Event) -> None:
        board, size = self.board, (event["width"], event["height"])
        if event["epoch"] != board.epoch:
            board.begin(event["epoch"], event["seq"])
            self.load()
        else:
            board.head = max(board.head, event["seq"])
            if board.cells is None or board.cells.size != size:
                self.load()

    # --- drawing

    def _look(self) -> Sight | None:
        cells = self.board.cells
        palette = (*self.palette, *self.fancied)
        return Sight(cells, palette) if cells and self.draws and self.is_live else None

    def _say(self, text: str) -> None:
        if self.wire is not None:
            self.wire.say(text)

    def _answered(self, client_id: str | None, event: Event) -> None:
        if event["type"] == "ack":
            self.judge.ack(self, client_id, event)
            if client_id is not None:
                self.orders.acknowledge(client_id, event["seq"])
        elif client_id is not None and self.orders.refuse(client_id, event["code"]):
            self._drawer.send_later(client_id, event["code"])

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
        if self.board.is_stuck(now, watches=self.is_greeted and not self.is_paused):
            self.resume()

    def hide(self, *, paused: bool) -> None:
        """Have the page hidden, or seen again."""
        if self.is_live and self.wire is not None:
            self.is_paused = paused
            self.wire.say(orjson.dumps({"type": "view", "paused": paused}).decode())

    def stop_reading(self, seconds: float) -> None:
        """Read nothing from this socket for so long."""
        if self.wire is not None:
            self.reads_since = self.loop.time() + seconds
            self.wire.stop_reading()
            self.loop.call_later(seconds, self.wire.go_on_reading)
