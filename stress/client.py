"""A client as the page is one: it loads a board, follows the stream, and comes back."""

import asyncio
import random
from contextlib import suppress
from typing import Any, NamedTuple, Protocol

import orjson

from bench.load import frames
from canvas.protocol.close_codes import CloseCode
from stress.checker import Kind
from stress.http import get
from stress.socket import Socket

PATIENCE = 5.0  # seconds for a board, and for the greeting of a socket
PAUSE = 0.05, 0.5  # seconds until it connects anew
BOARD = "/api/canvas/board"
HEARD = b'{"type":"hello"', b'{"type":"canv', b'{"type":"resy', b'{"type":"ack"', b'{"type":"erro'


class Frame(NamedTuple):
    """Pixels in a row: the first and last seq, and the place in the board and colour of each."""

    first: int
    last: int
    cells: tuple[tuple[int, int], ...]


class Company(Protocol):
    """Surroundings of a client: what it asks for, and whom it tells."""

    connections: int

    def choose(self, but: int) -> int: ...
    def say(self, kind: Kind, what: str) -> None: ...
    def refused(self, what: str) -> None: ...
    def ended(self, task: asyncio.Task[None]) -> None: ...
    def frame(self, epoch: int | None, payload: bytes) -> Frame: ...


class Hand(Protocol):
    """Hears the answers to what a client draws."""

    def greeted(self) -> None: ...
    def acked(self, event: dict[str, Any]) -> None: ...
    def refused(self, event: dict[str, Any]) -> None: ...


class Client:
    """`position` is the seq that the socket has reached, `seq` that of the client's own board."""

    def __init__(self, crowd: Company, number: int, headers: str = "") -> None:
        self.number = number
        self.epoch: int | None = None
        self.seq = -1
        self.board: bytearray | None = None
        self.palette: list[str] = []
        self.port = 0
        self.is_greeted = False
        self.drawer: Hand | None = None
        self._crowd = crowd
        self._headers = headers
        self._position = -1
        self._socket: Socket | None = None
        self._held: list[Frame] | None = None
        self._loading: asyncio.Task[None] | None = None

    @property
    def is_live(self) -> bool:
        return self.is_greeted and self._held is None

    def say(self, message: dict[str, str | int]) -> None:
        if self._socket is not None and self.is_greeted:
            self._socket.say(message)

    def hang_up(self) -> None:
        socket, self._socket = self._socket, None
        self.is_greeted = False
        if self._loading is not None:
            self._loading.cancel()
            self._loading = None
        self._held = None
        if socket is not None:
            socket.hang_up()

    async def run(self) -> None:
        """Stay connected."""
        while True:
            self.port = self._crowd.choose(but=self.port)
            code = 0
            with suppress(OSError, TimeoutError):
                code = await self._stay()
            self.hang_up()
            if code == CloseCode.TOO_SLOW:
                self.forget_board()
            await asyncio.sleep(random.uniform(*PAUSE))

    def forget_board(self) -> None:
        """Begin anew, as one that was too slow has to, or that has the board of another past."""
        self.board, self.seq = None, -1

    async def _stay(self) -> int:
        """Connect, and return the code that the connection ends with."""
        if self.board is None:
            self.epoch = None
            await self._fetch(self.port)
        path = f"/ws/?since={self.seq}&epoch={self.epoch}"
        socket = self._socket = Socket(self.port, path, self._headers, self._hear)
        self._position = self.seq
        self._crowd.connections += 1
        async with asyncio.timeout(PATIENCE):
            await socket.connect()
            either: set[asyncio.Future[Any]] = {socket.greeted, socket.ended}
            await asyncio.wait(either, return_when="FIRST_COMPLETED")
        return await socket.ended

    # --- the board

    async def _fetch(self, port: int) -> None:
        answer = await get(port, BOARD, PATIENCE)
        if answer.status != 200:
            self._crowd.refused(f"GET {BOARD}: {answer.status}")
            raise ConnectionError("no board")
        epoch = int(answer.headers["x-canvas-epoch"])
        if self.epoch is not None and epoch != self.epoch:
            raise ConnectionError("the board of another past")
        self.epoch, self.seq = epoch, int(answer.headers["x-canvas-seq"])
        self.board = bytearray(answer.body)

    def _load(self) -> None:
        """Fetch the board beside the stream; hold back what comes meanwhile."""
        self._held = []
        if self._loading is not None:
            self._loading.cancel()
        self._loading = asyncio.create_task(self._load_until_done(self.port))
        self._loading.add_done_callback(self._crowd.ended)

    async def _load_until_done(self, port: int) -> None:
        while True:
            with suppress(OSError, TimeoutError):
                await self._fetch(port)
                break
            await asyncio.sleep(random.uniform(*PAUSE))
        held, self._held = self._held or [], None
        if not all(map(self._take, held)):
            self.move()

    def move(self) -> None:
        """Go to another pod, and on from the same place."""
        self.is_greeted = False
        if self._socket is not None:
            self._socket.hang_up()  # `run` connects anew

    def _take(self, frame: Frame) -> bool:
        """Draw what is new in a frame; return False where something is missing before it."""
        if frame.last <= self.seq:
            return True
        if frame.first > self.seq + 1 or self.board is None:
            return False
        board = self.board
        for place, color in frame.cells[self.seq + 1 - frame.first :]:
            board[place] = color
        self.seq = frame.last
        return True

    # --- what comes

    def _hear(self, socket: Socket, opcode: int, payload: bytes) -> None:
        if socket is not self._socket:
            return
        if opcode == frames.BINARY:
            self._pixels(self._crowd.frame(self.epoch, payload))
        elif payload.startswith(HEARD):
            self._event(orjson.loads(payload))

    def _greeted(self) -> None:
        self.is_greeted = True
        if self._socket is not None and not self._socket.greeted.done():
            self._socket.greeted.set_result(None)
        if self.drawer is not None:
            self.drawer.greeted()

    def _pixels(self, frame: Frame) -> None:
        if frame.first != self._position + 1:
            kind = Kind.HOLE if frame.first > self._position + 1 else Kind.DOUBLED
            what = f"client {self.number} got {frame.first} after {self._position}"
            self._crowd.say(kind, what)
        self._position = frame.last
        if self._held is not None:
            self._held.append(frame)
        elif not self._take(frame):
            self.move()

    def _event(self, event: dict[str, Any]) -> None:
        kind = event["type"]
        if kind in ("hello", "canvas_changed"):
            self.palette = event["palette"]
            if event["epoch"] != self.epoch:
                self.forget_board()
                self.epoch = event["epoch"]
                self._load()
            if kind == "hello":
                self._greeted()
        elif kind == "resync":
            self._position = event["seq"]
            self._load()
        elif self.drawer is not None and kind == "ack":
            self.drawer.acked(event)
        elif self.drawer is not None and kind == "error":
            self.drawer.refused(event)
