"""Redis dies, hangs, is cut off, full or emptied."""

import asyncio

import redis.asyncio

from stress.faults.fault import Family, Fault
from stress.site import Site


async def kill(site: Site) -> None:
    await asyncio.to_thread(site.redis.kill)


async def start(site: Site) -> None:
    site.redis.launch()
    await asyncio.to_thread(site.redis.wait_ready)


async def hang(site: Site) -> None:
    site.redis.pause()


async def go_on(site: Site) -> None:
    site.redis.resume()


async def cut(site: Site) -> None:
    site.redis_line.cut()


async def mend(site: Site) -> None:
    site.redis_line.mend()


async def fall_silent(site: Site) -> None:
    site.redis_line.fall_silent()


async def fill(site: Site) -> None:
    await _configure(site, ("maxmemory-policy", "noeviction"), ("maxmemory", "1"))


async def make_room(site: Site) -> None:
    await _configure(site, ("maxmemory", "0"))


async def empty(site: Site) -> None:
    async with redis.asyncio.Redis.from_url(site.redis.url) as client:
        await client.flushall()


async def _configure(site: Site, *values: tuple[str, str]) -> None:
    async with redis.asyncio.Redis.from_url(site.redis.url) as client:
        for name, value in values:
            await client.config_set(name, value)


FAMILY = Family(
    "redis",
    (
        Fault("Redis is killed", "kill -9 for 4 s", "it starts, empty", kill, start),
        Fault("Redis hangs", "SIGSTOP for 4 s", "SIGCONT", hang, go_on),
        Fault("Redis is cut off", "connections end for 4 s", "the line", cut, mend),
        Fault("Redis is cut off in silence", "the line swallows for 4 s", "it", fall_silent, mend),
        Fault("Redis is full", "maxmemory 1, noeviction, for 4 s", "maxmemory 0", fill, make_room),
        Fault("Redis is emptied", "FLUSHALL", "nothing", empty),
    ),
)
