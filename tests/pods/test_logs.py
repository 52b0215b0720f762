"""The log of a real pod that gets requests with secrets in them."""

import json

import httpx
import pytest

from tests.pods.conftest import StartPods
from tests.support.sockets import Watcher

pytestmark = pytest.mark.pods


async def test_a_pod_logs_no_bodies_tokens_or_addresses(start_pods: StartPods) -> None:
    (pod,) = start_pods(1)
    async with httpx.AsyncClient(headers={"authorization": "Bearer px_SECRET"}) as client:
        await client.put(f"{pod.base_url}/api/pixel?token=SECRET", json={"x": "SECRET"})
        await client.get(f"{pod.base_url}/SECRET")
    watcher = await Watcher(pod.ws_url()).connect()
    watcher.send({"type": "SECRET"})
    await watcher.until(lambda: watcher.of_type("error"))
    await watcher.close()
    pod.stop()
    _greeting, *output = pod.output().splitlines()
    lines = [json.loads(line) for line in output]
    assert {"request_id", "connection_id"} <= {name for line in lines for name in line}
    assert "SECRET" not in pod.output()
    assert "127.0.0.1" not in "".join(output)
