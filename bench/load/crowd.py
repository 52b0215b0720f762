"""Thousands of sockets in one process, each of which must get every pixel once and in order."""

import errno
import os
import select
import socket
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import NamedTuple, Self

from bench.load import frames
from bench.load.latency import Latencies
from bench.load.reader import Faulty, Reader
from bench.load.truth import Truth
from bench.load.wires import Cell, Wire
from tests.support.handshake import upgrade

CHUNK = 1 << 16  # bytes read at once
TURN = 256  # sockets read between two reads of the clock
# The generator does not sleep in epoll: each write of the gateway would wake it, in the gateway's
# CPU time, which over a network is not so. Delays are exact to this.
IDLE_SLEEP = 0.001  # seconds
IN_FLIGHT = 200  # handshakes at once, unless asked otherwise
JOIN_SECONDS = 60.0
MANY = 20_000  # connections from one loopback address, below the kernel's range of ports


class Arrival(NamedTuple):
    """Pixels that reached so many sockets at the same time (ms since the epoch)."""

    cells: Sequence[Cell]
    sockets: int
    at: float


class Crowd:
    """Sockets of one wire format on one gateway.

    Close it, or use it as a context manager. `delivered` counts pixels over all sockets.
    """

    def __init__(self, address: tuple[str, int], path: str, wire: Wire, first: int = 1) -> None:
        """`first` is the seq of the first pixel that they will be sent."""
        self.delivered = 0
        self.joined = 0
        self.latencies = Latencies()
        self.timing = False  # whether arrivals go into the latencies
        self.on_event: Callable[[int, bytes], None] = lambda descriptor, payload: None
        self._address = address
        self._path = path
        self._wire = wire
        self._first = first
        self._epoll = select.epoll()
        self._sockets: dict[int, socket.socket] = {}
        self._next: dict[int, int] = {}  # the seq that each socket must get next
        self._rests: dict[int, bytes] = {}
        self._shaking: dict[int, bytes] = {}  # sockets before the end of their handshake
        self._reader = Reader(wire)
        self._arrivals: list[Arrival] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def __len__(self) -> int:
        return len(self._sockets)

    @property
    def descriptors(self) -> list[int]:
        return list(self._sockets)

    @property
    def slowest(self) -> int:
        """The highest seq that every socket has by now."""
        return min(self._next.values(), default=self._first) - 1

    def close(self) -> None:
        for connection in self._sockets.values():
            connection.close()
        self._epoll.close()

    # --- joining

    def aim(self, address: tuple[str, int], path: str = "") -> None:
        """Let later joins go to this address, and to this path where one is given."""
        self._address = address
        self._path = path or self._path

    def join(
        self,
        count: int,
        *,
        headers: Callable[[int], str] = lambda number: "",
        at_once: int = IN_FLIGHT,
    ) -> None:
        """Open so many sockets more and wait until all have been greeted."""
        target = self.joined + count
        asking = partial(upgrade, self._address, self._path, self._wire.subprotocol)
        requests = iter([asking(headers(number)) for number in range(count)])
        deadline = time.monotonic() + JOIN_SECONDS
        while self.joined < target:
            for request in islice(requests, max(0, at_once - self._waiting)):
                self._open(request)
            self._turn()
            if time.monotonic() > deadline:
                raise Faulty(f"{target - self.joined} of {count} sockets were not let in")

    @property
    def _waiting(self) -> int:
        return len(self._sockets) - self.joined

    def _open(self, request: bytes) -> None:
        connection = socket.socket()
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if len(self._sockets) >= MANY:
            connection.bind(("127.0.0.2", 0))
        if connection.connect_ex(self._address) not in (0, errno.EINPROGRESS):
            raise Faulty("the gateway refuses connections")
        descriptor = connection.fileno()
        self._sockets[descriptor] = connection
        self._shaking[descriptor] = request
        self._epoll.register(descriptor, select.EPOLLOUT)

    def _shake(self, descriptor: int, event: int) -> None:
        if event & select.EPOLLOUT:
            self._sockets[descriptor].send(self._shaking[descriptor])
            self._shaking[descriptor] = b""
            self._epoll.modify(descriptor, select.EPOLLIN)
            return
        answer = self._shaking[descriptor] + os.read(descriptor, CHUNK)
        head, ended, body = answer.partition(b"\r\n\r\n")
        if not answer:
            raise Faulty("the gateway hung up during a handshake")
        if not ended:
            self._shaking[descriptor] = answer
            return
        if b" 101 " not in head.partition(b"\r\n")[0]:
            raise Faulty(f"the gateway answered {head[:200]!r}")
        del self._shaking[descriptor]
        self._next[descriptor] = self._first
        if not self._wire.hello:
            self.joined += 1
        self._read(descriptor, body, Counter())

    # --- reading

    def follow(self, truth: Truth | None, until: Callable[[], bool]) -> None:
        """Read and check until the condition holds; without a truth, check the order alone."""
        while not until():
            self._turn()
            if len(self._arrivals) > TURN:
                self._settle(truth)
        self._settle(truth)

    def drain(self, truth: Truth, seconds: float) -> None:
        """Read until every socket has all that Redis carried.

        Raise Faulty if that takes longer than so many seconds. Call it when nothing more is
        placed.
        """
        deadline = time.monotonic() + seconds
        self.follow(truth, lambda: self.slowest >= truth.last or time.monotonic() > deadline)
        if self.slowest < truth.last:
            short = sum(seq <= truth.last for seq in self._next.values())
            what = f"{short} sockets of {len(self)} lost messages"
            raise Faulty(f"{what}: {self.slowest} of {truth.last}")

    def send(self, descriptor: int, text: bytes) -> None:
        self._sockets[descriptor].send(frames.masked(frames.TEXT, text))

    def _turn(self) -> None:
        """Read from up to TURN sockets."""
        self._reader.forget()
        chunks: Counter[bytes] = Counter()
        shaking = self._shaking
        read, rests = os.read, self._rests
        ready = self._epoll.poll(0, TURN)
        if len(ready) < TURN:
            time.sleep(IDLE_SLEEP)
        for descriptor, event in ready:
            if descriptor in shaking:
                self._shake(descriptor, event)
                continue
            try:
                data = read(descriptor, CHUNK)
            except ConnectionResetError:
                data = b""
            if not data:
                raise Faulty("a socket was closed")
            if rests and descriptor in rests:
                data = rests.pop(descriptor) + data
            self._read(descriptor, data, chunks)
        if chunks:
            self._note(chunks)

    def _read(self, descriptor: int, data: bytes, chunks: Counter[bytes]) -> None:
        cells, others, rest = self._reader.read(data)
        if cells:
            if cells[0].seq != self._next[descriptor]:
                raise Faulty(f"got {cells[0].seq} where {self._next[descriptor]} was due")
            self._next[descriptor] = cells[-1].seq + 1
            chunks[data] += 1
        if rest:
            self._rests[descriptor] = rest
        for opcode, payload in others:
            self._take_other(descriptor, opcode, payload)

    def _take_other(self, descriptor: int, opcode: int, payload: bytes) -> None:
        if opcode == frames.CLOSE:
            raise Faulty(f"a socket was closed with {int.from_bytes(payload[:2], 'big')}")
        if b'"resync"' in payload:
            raise Faulty("a socket was told to start over")
        hello = self._wire.hello
        if hello and payload.startswith(hello):
            self.joined += 1
        if answer := self._wire.answer(opcode, payload):
            with suppress(BlockingIOError):
                self._sockets[descriptor].send(answer)
        self.on_event(descriptor, payload)

    # --- checking

    def _note(self, chunks: Counter[bytes]) -> None:
        """Record the arrivals at the end of a turn, so that delays include the generator's work."""
        now = time.time() * 1000
        for data, count in chunks.items():
            cells = self._reader.read(data).cells
            self.delivered += len(cells) * count
            self._arrivals.append(Arrival(cells, count, now if self.timing else 0))

    def _settle(self, truth: Truth | None) -> None:
        """Compare the arrivals with what Redis carried; keep those that are ahead of it."""
        if truth is None:
            self._arrivals.clear()
            return
        truth.read()
        early = []
        for arrival in self._arrivals:
            if arrival.cells[-1].seq > truth.last:
                early.append(arrival)
            else:
                self._check(arrival, truth)
        self._arrivals = early

    def _check(self, arrival: Arrival, truth: Truth) -> None:
        cells, sockets, at = arrival
        for seq, x, y in cells:
            published = truth.pixels[seq]
            if (x, y) != (published.x, published.y):
                raise Faulty(f"the pixel of {seq} is not the one that was placed")
            if at:
                self.latencies.add(at - published.timestamp, sockets)
