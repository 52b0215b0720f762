"""Helpers that watch and draw on several pods."""

import asyncio
import os
import random
import subprocess
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager

from canvas.domain.palette import DEFAULT_PALETTE
from tests.support.cells import fresh_cell
from tests.support.processes import MANAGE, ROOT, ServerProcess, manage
from tests.support.sockets import Watcher


@asynccontextmanager
async def watching(
    pods: Iterable[ServerProcess], each: int = 1, *, timed: bool = False
) -> AsyncIterator[list[Watcher]]:
    """Open `each` sockets on every pod, one pod after the other."""
    watchers: list[Watcher] = []
    try:
        for pod in pods:
            added = [Watcher(pod.ws_url(), timed=timed) for _ in range(each)]
            watchers += added
            await asyncio.gather(*(watcher.connect() for watcher in added))
        yield watchers
    finally:
        await asyncio.gather(*(watcher.close() for watcher in watchers))


def draw(watcher: Watcher, client_id: str) -> None:
    """Send a pixel on a cell of its own under this id; the answer comes as `ack` or `error`.

    A cell met twice might have the colour already, which is refused as `no_change`.
    """
    x, y = fresh_cell()
    watcher.send(
        {
            "type": "pixel_update",
            "id": client_id,
            "x": x,
            "y": y,
            "color": random.choice(DEFAULT_PALETTE[1:]),  # the background would be no change
        }
    )


async def fill(pod: ServerProcess, width: int, height: int) -> None:
    """Have moderation fill an area of this pod's canvas, from a process of its own."""
    script = f"""
from django.contrib.auth.models import User
from canvas.domain.area import Area
from moderation.acts.fill import fill
fill(User.objects.create_superuser("mo"), "main", Area(0, 0, {width}, {height}), 5, "a test")
"""
    await asyncio.to_thread(manage, "shell", "-c", script, environment=pod.environment)


async def draw_many(watchers: Sequence[Watcher], count: int) -> None:
    """Draw so many pixels through random sockets, a few at a time, until all are placed."""
    sent: Counter[Watcher] = Counter()
    for number in range(count):
        watcher = random.choice(watchers)
        draw(watcher, f"draw-{number}")
        sent[watcher] += 1
        if number % 20 == 19:
            await asyncio.sleep(0.02)
    for watcher in watchers:
        await watcher.reach(count, seconds=60)
    for watcher in sent:  # a pixel may come before the answer to its sender
        await answered(watcher, sent[watcher])
    errors = [watcher.of_type("error")[:3] for watcher in watchers]
    assert sum(len(watcher.of_type("ack")) for watcher in watchers) == count, errors


async def answered(watcher: Watcher, count: int) -> None:
    """Wait until so many placements of a socket have an answer."""
    await watcher.until(
        lambda: len(watcher.of_type("ack")) + len(watcher.of_type("error")) >= count
    )


def verify(database_url: str, pods: Iterable[ServerProcess]) -> str:
    """Run `manage.py verify_canvas` over the pods; fail when a board differs from the ledger."""
    addresses = [f"--pod={pod.base_url}" for pod in pods]
    result = subprocess.run(
        [*MANAGE, "verify_canvas", *addresses],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": database_url},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout
