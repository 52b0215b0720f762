"""Fuzzed WebSocket frames cost their sender its socket at most."""

import asyncio
import json
from contextlib import suppress
from random import Random

from tests.hostile.frames import broken, command, order_in
from tests.hostile.seeds import randoms, seeded, seeds, size
from tests.hostile.site import Site
from tests.hostile.witness import Witness, witnessed
from tests.support.raw_websocket import PING, TEXT, RawWebSocket, frame

FRAMES = size(short=3_000, long=200_000)
AT_ONCE = 16  # sockets of attackers
MOST = 50  # messages of one socket: beyond 60 at once they are a flood
FRAMES_EACH = 26  # on average: half of MOST, and one and a half that break a rule
PATIENCE = 1.0  # seconds that an attacker waits for an answer: half a frame has none
GOODBYE = b"goodbye"


class Attack:
    """Sockets that send hostile frames, some FRAMES_EACH each, so many in all."""

    def __init__(self, seed: int, frames: int, witness: Witness) -> None:
        self._randoms = randoms(seed, frames // FRAMES_EACH)
        self._witness = witness

    async def run(self) -> None:
        async with asyncio.TaskGroup() as attackers:
            for _ in range(AT_ONCE):
                attackers.create_task(self._attack())

    async def _attack(self) -> None:
        for random in self._randoms:
            sent = [*self._commands(random), *_breaks(random)]
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                async with RawWebSocket.connect(self._witness.site.pod.port, "/ws/") as socket:
                    await self._send(socket, random, sent)

    def _commands(self, random: Random) -> list[bytes]:
        texts = [command(random) for _ in range(random.randrange(MOST))]
        for text in texts:
            with suppress(ValueError, RecursionError):
                if cell := order_in(json.loads(text)):
                    self._witness.allow(cell)
        return [frame(TEXT, text.encode()) for text in texts]

    async def _send(self, socket: RawWebSocket, random: Random, sent: list[bytes]) -> None:
        """Send it all, whole or in pieces, and read until the pod has answered or hung up."""
        data = b"".join([*sent, frame(PING, GOODBYE)])
        at = random.randrange(len(data))
        socket.send(data[:at])
        await asyncio.sleep(0)
        socket.send(data[at:])
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while (answer := await socket.next())[1] != GOODBYE:
                    self._note(*answer)

    def _note(self, opcode: int, payload: bytes) -> None:
        if opcode == TEXT:
            event = json.loads(payload)
            if event["type"] == "ack":
                self._witness.acked.add(event["seq"])


def _breaks(random: Random) -> list[bytes]:
    return [broken(random) for _ in range(random.randrange(4))]


async def test_fuzzed_frames_harm_nobody_else(site: Site) -> None:
    for seed, divisor in seeds("frames"):
        with seeded("frames", seed):
            async with witnessed(site) as witness:
                await Attack(seed, FRAMES // divisor, witness).run()
