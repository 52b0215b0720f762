"""`make pods`: three pods behind one address, ended by one Ctrl-C."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from tests.pods.drawing import draw
from tests.support.ports import listens
from tests.support.processes import ROOT, Process, free_port
from tests.support.sockets import Watcher

pytestmark = pytest.mark.pods


class LocalCluster(Process):
    """scripts/pods, ready when every pod answers."""

    stop_signal = signal.SIGINT

    def __init__(self, database_url: str) -> None:
        self.port = free_port()
        environment = {
            "PORT": str(self.port),
            "DATABASE_URL": database_url,
            "DEBUG": "1",
            "CANVAS_COOLDOWN_SECONDS": "0",
        }
        super().__init__("pods", [sys.executable, str(ROOT / "scripts/pods")], environment)

    def ready(self) -> bool:
        return all(map(listens, range(self.port + 1, self.port + 4)))


def children_of(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_people_on_different_pods_see_each_other_and_one_signal_ends_all(
    database_url: str,
) -> None:
    cluster = LocalCluster(database_url)

    async def scenario() -> None:
        url = f"ws://127.0.0.1:{cluster.port}/ws/"
        watchers = [await Watcher(url).connect() for _ in range(3)]
        pods = {watcher.newest("hello")["podId"] for watcher in watchers}
        assert pods == {"pod-1", "pod-2", "pod-3"}
        draw(watchers[0], "one")
        for watcher in watchers:
            await watcher.reach(1)
        await asyncio.gather(*(watcher.close() for watcher in watchers))

    with cluster:
        asyncio.run(scenario())
        assert cluster.pid is not None
        children = children_of(cluster.pid)
        assert len(children) == 4
        assert cluster.stop() == 0
        for pid in children:
            with pytest.raises(ProcessLookupError):
                os.kill(pid, 0)
