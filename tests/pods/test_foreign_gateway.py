"""A foreign gateway on the same Redis: its people count, and no board diverges."""

import asyncio
import json
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
import websockets

from tests.pods.conftest import StartPods
from tests.pods.drawing import draw, verify, watching
from tests.support.processes import ROOT, Process, ServerProcess, free_port
from tests.support.redis import RedisServer

PEER = ROOT / "bench/peers/original"

pytestmark = [
    pytest.mark.core,
    pytest.mark.pods,
    pytest.mark.skipif(
        shutil.which("node") is None or shutil.which("npm") is None,
        reason="needs node and npm, which scripts/system-packages installs",
    ),
]


class NodeGateway(Process):
    """The original architecture, in Node."""

    def __init__(self, redis: RedisServer, canvas: ServerProcess) -> None:
        self.port = free_port()
        environment = {
            "PORT": str(self.port),
            "REDIS_URL": redis.url,
            "CANVAS_API_URL": canvas.base_url,
            "POD_ID": "node-1",
        }
        super().__init__("node", ["node", str(PEER / "gateway.js")], environment)

    def ready(self) -> bool:
        return "listens on" in self.output()


@pytest.fixture(scope="session")
def node_packages() -> None:
    if not (PEER / "node_modules").is_dir():
        command = ["npm", "ci", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(command, cwd=PEER, check=True, timeout=100)


@pytest.fixture
def pod(start_pods: StartPods, redis: RedisServer) -> ServerProcess:
    return start_pods(1, redis.url, GUESTS_ALLOWED="1")[0]


@pytest.fixture
def node(node_packages: None, redis: RedisServer, pod: ServerProcess) -> Iterator[NodeGateway]:
    with NodeGateway(redis, pod) as gateway:
        yield gateway


def test_both_see_each_others_people_and_pixels(
    node: NodeGateway, pod: ServerProcess, database_url: str
) -> None:
    async def scenario() -> None:
        url = f"ws://127.0.0.1:{node.port}/?username=Nora"
        async with watching([pod]) as (ours,), websockets.connect(url) as theirs:

            async def next_of(kind: str) -> dict[str, Any]:
                event: dict[str, Any]
                async with asyncio.timeout(5):
                    while (event := json.loads(await theirs.recv()))["type"] != kind:
                        pass
                return event

            await ours.until(lambda: "Nora" in ours.newest("user_list").get("users", ()), 5)
            assert ours.newest("stats")["activeUsers"] == 2
            name = ours.newest("hello")["username"]
            while name not in (await next_of("user_list"))["users"]:
                pass

            draw(ours, "ours")
            assert (await next_of("pixel_updated"))["seq"] == 1

            pixel = {"type": "pixel_update", "x": 7, "y": 8, "color": "#FF0000"}
            await theirs.send(json.dumps(pixel))
            await ours.reach(2, seconds=3)
            assert ours.cells[7, 8] == 8
            assert (await next_of("pixel_updated"))["seq"] == 2
            assert "seq" not in await next_of("pixel_updated"), "theirs publishes it once more"
            await asyncio.sleep(0.3)
            assert (ours.last, ours.faults, ours.closed) == (2, [], None)

    asyncio.run(scenario())
    verify(database_url, [pod])
