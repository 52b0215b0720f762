"""The development server, which `make run` starts."""

import asyncio
import urllib.error
import urllib.request

import pytest

from tests.pods.drawing import answered, draw, watching
from tests.support.processes import ServerProcess

pytestmark = [pytest.mark.core, pytest.mark.pods]


def test_requests_are_logged_once_and_people_draw_over_websockets(database_url: str) -> None:
    environment = {"DEBUG": "1", "DATABASE_URL": database_url, "CANVAS_COOLDOWN_SECONDS": "0"}
    with ServerProcess("runserver", environment) as server:
        asyncio.run(draw_for_each_other(server))
        urllib.request.urlopen(f"{server.base_url}/api/canvas").close()
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"{server.base_url}/nowhere")
        server.stop()
        lines = server.output().splitlines()
    assert len([line for line in lines if "/api/canvas" in line]) == 1
    assert len([line for line in lines if "/nowhere" in line]) == 1


async def draw_for_each_other(server: ServerProcess) -> None:
    """Draw through one WebSocket and then the other; each sees both pixels."""
    async with watching([server], each=2) as both:
        for number, watcher in enumerate(both, start=1):
            draw(watcher, f"pixel-{number}")
            await answered(watcher, 1)
            assert len(watcher.of_type("ack")) == 1, watcher.of_type("error")
        for watcher in both:
            await watcher.reach(2)
            assert len(watcher.cells) == 2
            assert watcher.faults == []
