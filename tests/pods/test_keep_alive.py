"""A pod keeps idle connections for longer than the proxy before it: else requests are lost.

The HTTP server of a pod behind a real nginx and a real HAProxy, 50 ms away, with shorter times.
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
LOST = 502  # HAProxy closes the connection to its client instead: this may send again


async def application(_scope: Any, _receive: Any, send: Any) -> None:
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]}
    )
    await send({"type": "http.response.body"})


@asynccontextmanager
async def site(proxy_name: str, *, pod_keeps: int, proxy_keeps: str) -> AsyncIterator[str]:
    """Yield the address of a proxy before a pod's server, each with its time for idle ones."""
    async with serving(application, keep_alive=pod_keeps) as pod, far_line(pod, DISTANCE) as line:
        with Proxy(proxy_name, line, "X-Forwarded-For", keeps=proxy_keeps) as proxy:
            yield f"http://127.0.0.1:{proxy.port}/"


async def statuses(address: str, idle: Iterable[float]) -> AsyncIterator[Counter[int]]:
    """Send requests that must not be sent twice, AT_ONCE after each idle time."""
    async with httpx.AsyncClient(timeout=20) as client:
        for seconds in chain([0.0], idle):
            await asyncio.sleep(seconds)
            yield Counter(await asyncio.gather(*(post(client, address) for _ in range(AT_ONCE))))


async def post(client: httpx.AsyncClient, address: str) -> int:
    try:
        return (await client.post(address)).status_code
    except (httpx.RemoteProtocolError, httpx.ReadError):
        return LOST


async def test_no_request_is_lost_where_the_pod_keeps_them_for_longer() -> None:
    around_proxy = [0.16 + 0.004 * number for number in range(25)]
    around_pod = [1.88, 1.92, 1.96]
    found = Counter[int]()
    async with site("nginx", pod_keeps=2, proxy_keeps="200ms") as address:
        async for each in statuses(address, around_proxy + around_pod):
            found += each
    assert found == {200: AT_ONCE * (1 + len(around_proxy) + len(around_pod))}


async def test_haproxy_loses_none_either() -> None:
    """It keeps a connection to the pod for as long as the one to its client.

    Idle for about as long as a pod kept them once, and for longer: both go on to be used.
    """
    around_former = [0.9, 0.95, 1.0, 1.05, 1.5]
    found = Counter[int]()
    async with site("haproxy", pod_keeps=3, proxy_keeps="2400ms") as address:
        async for each in statuses(address, around_former):
            found += each
    assert found == {200: AT_ONCE * (1 + len(around_former))}


@pytest.mark.parametrize("proxy", ["nginx", "haproxy"])
async def test_requests_are_lost_where_the_proxy_keeps_them_for_longer(proxy: str) -> None:
    """Prove that the tests above can fail: the pod closes a connection as a request comes."""
    around_pod = [0.95, 0.92, 0.98, 0.9, 0.94]
    async with asyncio.timeout(60), site(proxy, pod_keeps=1, proxy_keeps="60s") as address:
        async for each in statuses(address, chain.from_iterable(repeat(around_pod))):
            if LOST in each:
                break
