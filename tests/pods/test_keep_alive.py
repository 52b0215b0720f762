"""A pod keeps idle connections for longer than the proxy before it: else requests are lost.

The HTTP server of a pod behind a real nginx, 50 ms away, with shorter times.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from itertools import chain, repeat
from typing import Any

import httpx
import pytest

from tests.support.far_line import far_line
from tests.support.proxies import Proxy
from tests.support.uvicorn_server import serving

pytestmark = pytest.mark.pods

DISTANCE = 0.05  # seconds one way
AT_ONCE = 12  # requests; nginx keeps up to 16 connections
LOST = 502


async def application(_scope: Any, _receive: Any, send: Any) -> None:
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]}
    )
    await send({"type": "http.response.body"})


@asynccontextmanager
async def site(*, pod_keeps: int, proxy_keeps: str) -> AsyncIterator[str]:
    """Yield the address of an nginx before a pod's server, each with its time for idle ones."""
    async with serving(application, keep_alive=pod_keeps) as pod, far_line(pod, DISTANCE) as line:
        with Proxy("nginx", line, "X-Forwarded-For", keeps=proxy_keeps) as proxy:
            yield f"http://127.0.0.1:{proxy.port}/"


async def statuses(address: str, idle: Iterable[float]) -> AsyncIterator[Counter[int]]:
    """Send requests that must not be sent twice, AT_ONCE after each idle time."""
    async with httpx.AsyncClient(timeout=20) as client:
        for seconds in chain([0.0], idle):
            await asyncio.sleep(seconds)
            answers = await asyncio.gather(*(client.post(address) for _ in range(AT_ONCE)))
            yield Counter(answer.status_code for answer in answers)


async def test_no_request_is_lost_where_the_pod_keeps_them_for_longer() -> None:
    around_proxy = [0.16 + 0.004 * number for number in range(25)]
    around_pod = [1.88, 1.92, 1.96]
    found = Counter[int]()
    async with site(pod_keeps=2, proxy_keeps="200ms") as address:
        async for each in statuses(address, around_proxy + around_pod):
            found += each
    assert found == {200: AT_ONCE * (1 + len(around_proxy) + len(around_pod))}


async def test_requests_are_lost_where_the_proxy_keeps_them_for_longer() -> None:
    """Prove that the test above can fail: the pod closes a connection as a request comes."""
    around_pod = [0.95, 0.92, 0.98, 0.9, 0.94]
    async with asyncio.timeout(60), site(pod_keeps=1, proxy_keeps="60s") as address:
        async for each in statuses(address, chain.from_iterable(repeat(around_pod))):
            if LOST in each:
                break
