"""Redis fails over to a standby, by Sentinels."""

import asyncio

from stress.faults.fault import Family, Fault
from stress.site import Parts, Site
from tests.support.sentinel import knows_everyone

FORGIVEN = 20.0  # seconds in which a former primary has to become a replica


async def kill_primary(site: Site) -> None:
    primary = await asyncio.to_thread(site.sentinels.primary)
    await asyncio.to_thread(primary.kill)


async def hang_primary(site: Site) -> None:
    (await asyncio.to_thread(site.sentinels.primary)).pause()


async def bring_back(site: Site) -> None:
    """Have the former primary back as a replica, so that there is one for the next round."""
    for server in site.sentinels.servers:
        server.resume()
        if not server.running:
            server.launch()
            await asyncio.to_thread(server.wait_ready)
    async with asyncio.timeout(FORGIVEN):
        while not await asyncio.to_thread(_is_complete, site):  # noqa: ASYNC110
            await asyncio.sleep(0.2)


def _is_complete(site: Site) -> bool:
    return all(map(knows_everyone, site.sentinels.sentinels))


STANDBY = "Sentinels make a standby the primary"
FAMILY = Family(
    "sentinel",
    (
        Fault(
            "Redis fails over", "kill -9 of the primary", STANDBY, kill_primary, restore=bring_back
        ),
        Fault(
            "Redis fails over, hung",
            "SIGSTOP of the primary",
            STANDBY,
            hang_primary,
            restore=bring_back,
        ),
    ),
    Parts(is_guarded=True),
)
