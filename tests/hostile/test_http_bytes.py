"""HTTP oddities, written raw: no 5xx, nothing smuggled, nobody else harmed."""

import asyncio
from contextlib import suppress
from random import Random

from tests.hostile.http_bytes import SMUGGLED, answers_in, hostile_request
from tests.hostile.seeds import randoms, seeded, seeds, size
from tests.hostile.site import Site
from tests.hostile.witness import Witness, witnessed

CONNECTIONS = size(short=400, long=20_000)
AT_ONCE = 16
IN_ONE = 4  # requests on one connection, at most
PATIENCE = 0.7  # seconds without a byte: the pod waits for the rest of a request
MAX_ANSWER = 2**26  # bytes


async def sent(port: int, data: bytes, random: Random) -> bytes:
    """Send bytes, whole or split, and return all that comes back."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = b""
    try:
        cuts = sorted(random.randrange(len(data) + 1) for _ in range(random.choice([0, 1, 5])))
        for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True):
            writer.write(data[start:end])
            await asyncio.sleep(0)
        with suppress(TimeoutError, ConnectionError):
            while len(answer) < MAX_ANSWER:
                async with asyncio.timeout(PATIENCE):
                    part = await reader.read(2**20)
                if not part:
                    break
                answer += part
    finally:
        writer.transport.abort()
    return answer


class Attack:
    """Connections with odd requests, all of which follow from the seed."""

    def __init__(self, seed: int, connections: int, witness: Witness) -> None:
        self._randoms = randoms(seed, connections)
        self._witness = witness
        self.faults: list[str] = []

    async def run(self) -> None:
        async with asyncio.TaskGroup() as attackers:
            for _ in range(AT_ONCE):
                attackers.create_task(self._attack())

    async def _attack(self) -> None:
        for random in self._randoms:
            requests = [hostile_request(random) for _ in range(random.randrange(1, IN_ONE + 1))]
            for each in requests:
                if each.cell is not None:
                    self._witness.allow(each.cell)
            await self._try(random, b"".join(each.data for each in requests))

    async def _try(self, random: Random, data: bytes) -> None:
        answers = answers_in(await sent(self._witness.site.pod.port, data, random))
        bad = [each for each in answers if each.status >= 500 and each.status != 505]
        if bad:
            self.faults.append(f"{bad[0].status} {bad[0].body[:200]!r} for {data[:2000]!r}")


async def test_no_bytes_make_a_pod_fail(site: Site) -> None:
    for seed, divisor in seeds("http_bytes"):
        with seeded("http_bytes", seed):
            async with witnessed(site) as witness:
                attack = Attack(seed, CONNECTIONS // divisor, witness)
                await attack.run()
            assert attack.faults == []
            assert SMUGGLED not in {cell for _, cell in await asyncio.to_thread(site.rows)}
