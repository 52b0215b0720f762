"""Requests over HTTP beside the sockets, each of which a pod has to answer."""

import asyncio
import random

import httpx

from stress.checker import Ack, Pixel
from stress.crowd import Crowd
from stress.guest import new_guest
from stress.site import SIDE
from tests.support.processes import ServerProcess

PAUSE = 0.25  # seconds between two requests to one pod
PATIENCE = 10.0  # seconds in which a request has to be answered
GIVE_UP = 30.0  # seconds after which it is not waited for any more
READS = "/api/canvas", "/api/pixel?x=1&y=1", "/api/canvas/board", "/api/canvas/history"


class Prober:
    """Reads and places through the API of every pod that serves; places as one guest."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self._placed = 0

    async def begin(self) -> None:
        """Ask until the crowd goes."""
        self._guest = await new_guest(self._crowd.site.pods[0].port)
        self._palette = self._crowd.clients[0].palette
        self._crowd.is_probed = True
        self._crowd.begin(*map(self._probe, self._crowd.site.pods))

    async def _probe(self, pod: ServerProcess) -> None:
        headers = {"Cookie": self._guest.cookie}
        async with httpx.AsyncClient(
            base_url=pod.base_url, headers=headers, timeout=GIVE_UP
        ) as client:
            while True:
                await asyncio.sleep(PAUSE * random.uniform(0.5, 1.5))
                if pod not in self._crowd.site.serving:
                    continue
                try:
                    await self._ask(client)
                except httpx.TimeoutException as error:
                    if pod in self._crowd.site.serving:
                        what = f"{error.request.method} {error.request.url}"
                        self._crowd.refused(f"{what}: no answer within {GIVE_UP} s")
                except httpx.TransportError:
                    pass  # a pod that has just ended

    async def _ask(self, client: httpx.AsyncClient) -> None:
        asked_at = asyncio.get_running_loop().time()
        what, answer = await self._asked(client)
        self._note(what, answer, asked_at)

    async def _asked(self, client: httpx.AsyncClient) -> tuple[str, httpx.Response]:
        """Ask for something; return what it was, and the answer."""
        if self._crowd.is_drawing and random.random() < 0.5:
            return "PUT /api/pixel", await self._place(client)
        path = random.choice(READS)
        return path, await client.get(path)

    async def _place(self, client: httpx.AsyncClient) -> httpx.Response:
        self._placed += 1
        y, x = divmod(random.randrange(SIDE * SIDE), SIDE)
        asked = Pixel(x, y, random.randrange(len(self._palette)))
        observed = self._crowd.observed
        observed.asks[self._guest.actor, asked] += 1
        order = {"x": x, "y": y, "color": self._palette[asked.color], "id": f"put-{self._placed}"}
        answer = await client.put("/api/pixel", json=order)
        if answer.status_code == 200:
            event = answer.json()
            pixel = Pixel(event["x"], event["y"], self._palette.index(event["color"]))
            now = asyncio.get_running_loop().time()
            observed.acks.append(Ack(self._guest.actor, asked, event["seq"], pixel, now))
        return answer

    def _note(self, what: str, answer: httpx.Response, asked_at: float) -> None:
        self._crowd.observed.probed += 1
        seconds = answer.elapsed.total_seconds()
        if seconds > PATIENCE:
            told = f"{answer.status_code} {answer.text[:80]}"
            late = f"{what} of {answer.url}: after {seconds:.1f} s {told}"
            self._crowd.refused(late, asked_at)
        elif answer.status_code >= 500:
            refusal = f"{what}: {answer.status_code} {answer.text[:80]}"
            self._crowd.refused(refusal, asked_at)
