"""Counts of Redis commands: `python -m bench.redis_commands` prints the table of docs/redis.md.

Redis itself counts them (INFO commandstats) over a window in which so many pixels are placed
through random pods, with so many sockets open on each.
"""

import asyncio
import random
from collections import Counter
from contextlib import ExitStack
from typing import Any

import httpx
import redis

from bench.rig import Rig
from tests.pods.drawing import watching
from tests.support.postgres import SETTINGS
from tests.support.processes import ServerProcess

WINDOW = 20.0  # seconds
SETTLE = 3.0  # seconds until presence has announced every socket
CASES = ((1, 1, 0), (1, 100, 0), (3, 1, 0), (3, 100, 0), (3, 1, 200), (3, 100, 200), (6, 50, 200))
SHOWN = ("publish", "setex", "eval", "ping", "info", "get", "strlen", "subscribe", "keys")


def main() -> None:
    print("| pods | sockets on each | pixels |", " | ".join(SHOWN), "|")
    print("|---" * (3 + len(SHOWN)) + "|")
    with Rig(SETTINGS) as rig:
        for pods, sockets, pixels in CASES:
            counts = asyncio.run(count(rig.environment(), pods, sockets, pixels))
            print(f"| {pods} | {sockets} | {pixels} |", end=" ")
            print(*(counts[name] for name in SHOWN), sep=" | ", end=" |\n", flush=True)


async def count(environment: dict[str, str], pods: int, sockets: int, pixels: int) -> Counter[str]:
    """Return the number of commands that Redis got in the window, by name."""
    with ExitStack() as running:
        serving = [
            running.enter_context(
                ServerProcess(environment=environment | {"POD_ID": f"pod-{number}"})
            )
            for number in range(pods)
        ]
        client = running.enter_context(redis.Redis.from_url(environment["REDIS_URL"]))
        async with watching(serving, each=sockets) as watchers:
            await asyncio.sleep(SETTLE)
            client.config_resetstat()
            await place(serving, pixels)
            for watcher in watchers:
                await watcher.reach(pixels)
            stats: dict[str, Any] = client.info("commandstats")
    return Counter({name.removeprefix("cmdstat_"): value["calls"] for name, value in stats.items()})


async def place(pods: list[ServerProcess], pixels: int) -> None:
    """Place so many pixels, evenly over the window, as one person."""
    async with httpx.AsyncClient() as browser:
        for number in range(pixels):
            pixel = {"x": number, "y": 1, "color": "#FF0000"}
            url = f"{random.choice(pods).base_url}/api/pixel"
            (await browser.put(url, json=pixel)).raise_for_status()
            await asyncio.sleep(WINDOW / pixels)
    if not pixels:
        await asyncio.sleep(WINDOW)


if __name__ == "__main__":
    main()
