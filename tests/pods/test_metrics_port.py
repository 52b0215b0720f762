"""The metrics of a pod, on a port of their own."""

import time
import urllib.request

import pytest

from tests.pods.conftest import StartPods
from tests.support.processes import free_port
from tests.support.redis import RedisServer

pytestmark = pytest.mark.pods


def test_a_pod_exports_gauges_of_redis(start_pods: StartPods, redis: RedisServer) -> None:
    port = free_port()
    start_pods(1, redis.url, METRICS_PORT=str(port))
    deadline = time.monotonic() + 10
    text = ""
    while "pixelsite_redis_up 1.0" not in text:
        assert time.monotonic() < deadline, text
        time.sleep(0.1)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            text = answer.read().decode()
    assert "pixelsite_redis_pubsub_patterns 0.0" in text
    assert "pixelsite_lease_drift 0.0" in text
