"""Fixtures for pods as a deployment has them: processes with one database and one Redis."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.support.processes import ServerProcess
from tests.support.redis import RedisServer

StartPods = Callable[..., list[ServerProcess]]


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    """A Redis of the test's own, to be crashed and hung."""
    with RedisServer() as server:
        yield server


@pytest.fixture
def start_pods(database_url: str) -> Iterator[StartPods]:
    """A function that starts pods `pod-1`, `pod-2`, … side by side on one database."""
    with ExitStack() as running:

        def start(count: int, redis_url: str = "", **environment: str) -> list[ServerProcess]:
            pods = [
                ServerProcess(
                    environment={
                        "DATABASE_URL": database_url,
                        "REDIS_URL": redis_url,
                        "POD_ID": f"pod-{number}",
                        "CANVAS_COOLDOWN_SECONDS": "0",
                        **environment,
                    }
                )
                for number in range(1, count + 1)
            ]
            for pod in pods:
                running.callback(pod.close)
                pod.launch()
            for pod in pods:
                running.callback(pod.ask_to_stop)
                pod.wait_ready()
            return pods

        yield start
