"""A person who draws, asks again until there is an answer, and now and then once more."""

import asyncio
import random
from dataclasses import dataclass
from typing import Any, Protocol

from stress.checker import Ack, Kind, Observed, Pixel
from stress.client import Client
from stress.site import SIDE

IN_FLIGHT = 10  # asks without an answer, beyond which a person waits
DOUBTED = 0.02  # share of answered asks that are sent again, as where the answer was lost
STEP = 7919  # odd, so that multiples of it meet each cell of the board before one twice
REFUSALS = ("unavailable", "busy", "damaged")  # 503 over HTTP; all of them heal
LATER = (*REFUSALS, "flooding")
FINAL = ("no_change",)  # another person has drawn the same
AGAIN = 0.3, 1.0  # seconds until it is sent again


class Company(Protocol):
    """Surroundings of a person who draws: what is asked for, and who is told."""

    @property
    def observed(self) -> Observed: ...
    @property
    def is_drawing(self) -> bool: ...
    @property
    def has_lost_rows(self) -> bool: ...
    def say(self, kind: Kind, what: str) -> None: ...
    def refused(self, what: str) -> None: ...
    def pod_at(self, port: int) -> str: ...


@dataclass
class Ask:
    """A pixel that was asked for, and when for the first time (event loop's clock)."""

    pixel: Pixel
    first_at: float


class Drawer:
    """Draws on cell after cell, so that no two of its asks are alike for 16,384 of them."""

    def __init__(
        self, crowd: Company, client: Client, actor: str, number: int, rate: float
    ) -> None:
        self.actor = actor
        self.client = client
        self.asks: dict[str, Ask] = {}
        self._answered: dict[str, tuple[Pixel, int]] = {}  # asks that are sent once more
        self._crowd = crowd
        self._number = number
        self._count = random.randrange(SIDE * SIDE)
        self._pause = 1 / rate
        client.drawer = self

    async def run(self) -> None:
        await asyncio.sleep(random.uniform(0, self._pause))
        clock = asyncio.get_running_loop().time
        while True:
            due = clock() + self._pause
            if self._crowd.is_drawing and self.client.is_live and len(self.asks) < IN_FLIGHT:
                self._draw(clock())
            await asyncio.sleep(max(0, due - clock()))

    def _draw(self, now: float) -> None:
        self._count += 1
        y, x = divmod(self._count * STEP % (SIDE * SIDE), SIDE)
        board, palette = self.client.board, self.client.palette
        has = board[y * SIDE + x] if board is not None else 0
        color = (has + random.randrange(1, len(palette))) % len(palette)
        client_id = f"{self._number}-{self._count}"
        self.asks[client_id] = Ask(Pixel(x, y, color), now)
        self._crowd.observed.asks[self.actor, Pixel(x, y, color)] += 1
        self._send(client_id, Pixel(x, y, color))

    def _send(self, client_id: str, pixel: Pixel) -> None:
        color = self.client.palette[pixel.color]
        message: dict[str, str | int] = {"type": "pixel_update", "id": client_id, "color": color}
        self.client.say(message | {"x": pixel.x, "y": pixel.y})

    def _send_again(self, client_id: str) -> None:
        if client_id in self.asks:
            self._send(client_id, self.asks[client_id].pixel)

    # --- answers

    def greeted(self) -> None:
        """Ask again for what had no answer on the former connection."""
        for client_id in list(self.asks):
            self._send_again(client_id)

    def acked(self, event: dict[str, Any]) -> None:
        client_id, seq = event["id"], event["seq"]
        ask = self.asks.pop(client_id, None)
        if ask is None:
            self._acked_again(client_id, seq)
            return
        pixel = Pixel(event["x"], event["y"], self.client.palette.index(event["color"]))
        now = asyncio.get_running_loop().time()
        self._crowd.observed.drawn += 1
        self._crowd.observed.acks.append(Ack(self.actor, ask.pixel, seq, pixel, now))
        if random.random() < DOUBTED:
            self._answered[client_id] = ask.pixel, seq
            self._send(client_id, ask.pixel)

    def _acked_again(self, client_id: str, seq: int) -> None:
        if client_id in self._answered:
            _pixel, first = self._answered.pop(client_id)
            # after a failover that lost the first one it may be placed anew
            if seq != first and not self._crowd.has_lost_rows:
                self._crowd.say(Kind.DOUBLED, f"{client_id} was acked as {first} and {seq}")

    def refused(self, event: dict[str, Any]) -> None:
        client_id, code = event["id"], event["code"]
        pod = self._crowd.pod_at(self.client.port)
        what = f"{code} over the WebSocket of {pod}: {event['detail']}"
        if code in REFUSALS:
            self._crowd.refused(what)
        elif code not in LATER and code not in FINAL:
            self._crowd.say(Kind.UNEXPECTED, what)
        if client_id not in self.asks:
            return
        if code in LATER:
            loop = asyncio.get_running_loop()
            loop.call_later(random.uniform(*AGAIN), self._send_again, client_id)
        else:
            del self.asks[client_id]
