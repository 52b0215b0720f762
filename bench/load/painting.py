"""People of a crowd who draw in turn at a steady rate; each ack is timed by its client id."""

import time

import orjson

from bench.load.crowd import Crowd
from bench.load.latency import Latencies
from bench.load.reader import Faulty


class Painting:
    """A steady rate of placements by all sockets of a crowd, and their answers.

    `latencies` are those of the acks which come during `measure`.
    """

    def __init__(self, crowd: Crowd, rate: float) -> None:
        self.acked = 0
        self.refused = 0  # because too many waited
        self.latencies = Latencies()
        self._crowd = crowd
        self._painters = crowd.descriptors
        self._rate = rate
        self._sent: dict[str, float] = {}
        self._started = time.monotonic()
        self._timing = False
        crowd.on_event = self._take

    @property
    def placed(self) -> int:
        """The placements that were sent and not refused."""
        return len(self._sent) - self.refused

    def draw_for(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        self._crowd.follow(None, lambda: self._drawn_until(deadline))

    def measure(self, seconds: float) -> float:
        """Draw for some seconds, and time the acks; return how many came a second."""
        self._timing, before, since = True, self.acked, time.monotonic()
        self.draw_for(seconds)
        self._timing = False
        return (self.acked - before) / (time.monotonic() - since)

    def settle(self, seconds: float) -> None:
        """Wait for the answers to all that was sent; raise Faulty where some do not come."""
        deadline = time.monotonic() + seconds
        self._crowd.follow(None, lambda: self.acked >= self.placed or time.monotonic() > deadline)
        if self.acked != self.placed:
            raise Faulty(
                f"{len(self._sent)} pixels placed, {self.refused} refused,"
                f" {self.acked} acknowledged"
            )

    def _drawn_until(self, deadline: float) -> bool:
        now = time.monotonic()
        for number in range(len(self._sent), int((now - self._started) * self._rate)):
            self._draw(number, now)
        return now >= deadline

    def _draw(self, number: int, now: float) -> None:
        client_id = f"op-{number}"
        self._sent[client_id] = now
        y, x = divmod(number * 7919 % 1_000_000, 1000)  # each cell once
        event = {"type": "pixel_update", "id": client_id, "x": x, "y": y, "color": "#FF0000"}
        self._crowd.send(self._painters[number % len(self._painters)], orjson.dumps(event))

    def _take(self, descriptor: int, payload: bytes) -> None:
        if payload.startswith(b'{"type":"ack"'):
            self.acked += 1
            if self._timing:
                sent = self._sent[orjson.loads(payload)["id"]]
                self.latencies.add((time.monotonic() - sent) * 1000)
        elif b'"code":"busy"' in payload:
            self.refused += 1
        elif payload.startswith(b'{"type":"error"'):
            raise Faulty(f"a placement was refused: {payload.decode()}")
