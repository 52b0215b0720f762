"""People who draw on pods of two versions: they come back, and ask again for what has no answer."""

import asyncio
import random
from typing import Any

import orjson

from canvas.domain.palette import DEFAULT_PALETTE
from tests.support.processes import ServerProcess
from tests.support.raw_websocket import TEXT
from tests.support.sockets import Watcher

PEOPLE = 8
PAUSE = 0.1  # seconds between two pixels of one person
ROWS = 500  # of the canvas, which every size has
RETRIED = ("unavailable", "busy", "damaged", "flooding")


class Follower(Watcher):
    """A client that goes on from a `resync`, as the page does with the board that it fetches."""

    def _handle(self, opcode: int, payload: bytes) -> None:
        super()._handle(opcode, payload)
        if opcode == TEXT and (event := orjson.loads(payload))["type"] == "resync":
            self.last = event["seq"]


class Crowd:
    """All people; `ready` are the pods that a balancer would send them to."""

    def __init__(self) -> None:
        self.ready: list[ServerProcess] = []
        self.acked: dict[str, int] = {}
        self.faults: list[str] = []
        self._is_over = False
        self._people: list[asyncio.Task[None]] = []

    def begin(self) -> None:
        self._people = [asyncio.create_task(self._stay(number)) for number in range(PEOPLE)]

    async def end(self) -> None:
        self._is_over = True
        await asyncio.gather(*self._people)

    async def draw(self, count: int) -> None:
        """Wait until so many more pixels are acknowledged."""
        wanted = len(self.acked) + count
        async with asyncio.timeout(120):
            while len(self.acked) < wanted:
                for person in self._people:
                    if person.done():
                        person.result()
                await asyncio.sleep(0.05)

    async def _stay(self, number: int) -> None:
        last = drawn = 0
        while not self._is_over:
            pod = random.choice(self.ready)
            follower = Follower(pod.ws_url(), last)
            try:
                await follower.connect()
                drawn = await self._draw(follower, number, drawn)
                await follower.close()
            except (OSError, TimeoutError):
                await asyncio.sleep(0.5)
            last = follower.last
            self.faults += [
                f"person {number} on port {pod.port}: {each}" for each in follower.faults
            ]

    async def _draw(self, follower: Follower, number: int, drawn: int) -> int:
        """Draw until the socket closes; return how many have been drawn."""
        while not self._is_over and follower.closed is None:
            client_id = f"person-{number}-{drawn}"
            answer = await self._ask(follower, client_id, number, drawn)
            if answer.get("type") == "ack":
                self.acked[client_id] = answer["seq"]
                drawn += 1
            else:
                assert not answer or answer["code"] in RETRIED, answer
            await asyncio.sleep(PAUSE)
        return drawn

    async def _ask(
        self, follower: Follower, client_id: str, number: int, drawn: int
    ) -> dict[str, Any]:
        """Return the answer; empty where the socket closes before."""
        y, x = divmod(drawn, 20)
        seen = len(follower.events)
        follower.send(
            {
                "type": "pixel_update",
                "id": client_id,
                "x": 20 * number + x,
                "y": y % ROWS,
                "color": DEFAULT_PALETTE[1],
            }
        )

        def found() -> list[dict[str, Any]]:
            return [event for event in follower.events[seen:] if event.get("id") == client_id]

        await follower.until(lambda: found() or follower.closed is not None, seconds=60)
        return found()[-1] if found() else {}
