"""A client as the page is one: loads a board, follows the stream, draws, and comes back."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import orjson

from canvas.pod.board_cache import BoardCopy
from canvas.protocol.close_codes import CloseCode
from canvas.protocol.frames import decode_pixels
from simulation.download import Download
from simulation.local_board import LocalBoard, Pixels
from simulation.loop import VirtualLoop
from simulation.orders import Orders
from simulation.process import Process
from simulation.wire import Arrival, Wire

SILENT = 20.0  # seconds without a word until it asks, and until it gives the connection up
AWAY = 5.0  # seconds until one who was sent away comes again


class Judge(Protocol):
    """Holds what a client sees against the truth."""

    def pixel(self, client: "Client", seq: int, x: int, y: int, color: int) -> None: ...
    def board(self, client: "Client", epoch: int, seq: int, cells: bytes) -> None: ...
    def ack(self, client: "Client", client_id: str | None, event: dict[str, Any]) -> None: ...
    def wrong_for(self, client: "Client", what: str) -> None: ...


@dataclass
class Client:
    """`position` is the seq that the socket has reached."""

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
    board: LocalBoard = field(default_factory=LocalBoard)
    palette: Sequence[str] = ()
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
        self._download = Download(self.loop, self.chance, self.choose, self.load, self._install)

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
        query = f"since={self.board.seq}&epoch={self.board.epoch}"
        how = {"binary": self.binary, "direct": self.direct}
        process.serve(wire, query, self.session, **how)

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
            self.position = self.board.head = event["seq"]
            self.load()
        elif kind == "ack":
            self.judge.ack(self, event["id"], event)
            self.orders.acknowledge(event)
        elif kind == "error" and event["id"] is not None:
            if self.orders.refuse(event):
                self.loop.call_later(self.chance.uniform(0.5, 2), self._send, event["id"])
        elif kind == "pong" and not self.is_paused:
            self.board.head = max(self.board.head, event["seq"])

    def _greeted(self) -> None:
        self.is_greeted = True
        for client_id in self.orders.again():
            self._send(client_id)

    def _follow(self, event: dict[str, Any]) -> None:
        board, size = self.board, (event["width"], event["height"])
        if event["epoch"] != board.epoch:
            board.begin(event["epoch"], event["seq"])
            self.load()
        else:
            board.head = max(board.head, event["seq"])
            if board.cells is None or board.cells.size != size:
                self.load()

    # --- drawing

    def _draw(self) -> None:
        self.loop.call_later(self.chance.expovariate(1 / self.pace), self._draw)
        cells = self.board.cells
        if self.draws and self.is_live and cells is not None and self.orders.may_draw:
            for client_id in self.orders.new(cells, self.palette):
                self._send(client_id)

    def _send(self, client_id: str) -> None:
        now = self.loop.time()
        if self.wire is not None and (message := self.orders.message(client_id, now)):
            self.wire.say(message)

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
        watches = self.is_greeted and not self.is_paused
        if self.board.is_stuck(now, watches=watches):
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
