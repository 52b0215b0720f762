"""Sockets that an expulsion names close within 2 s on every pod, with Redis and without.

Of a deleted account no pod remembers the name, for those who come later.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

import httpx
import psycopg
import pytest
import websockets

from accounts.names import DELETED
from tests.pods.conftest import StartPods
from tests.pods.drawing import draw
from tests.support.processes import ServerProcess, free_port, manage
from tests.support.redis import RedisServer
from tests.support.sockets import Watcher

pytestmark = [pytest.mark.core, pytest.mark.pods]

CLOSE_TIMEOUT = 2.0  # seconds
REMAINING = 4.0  # seconds of a session, which has to last until its sockets are open
PASSWORD = "correct horse battery"
NOTHING: dict[str, str] = {}


@contextmanager
def with_redis() -> Iterator[str]:
    with RedisServer() as server:
        yield server.url


@contextmanager
def without_redis() -> Iterator[str]:
    yield f"redis://127.0.0.1:{free_port()}/0"


class Browser:
    """A browser that also sends its https cookies over http, which the pods here speak."""

    def __init__(self, pod: ServerProcess) -> None:
        self._base = pod.base_url
        self._cookies: dict[str, str] = {}

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())

    async def sign_up(self, name: str) -> None:
        form = {"username": name, "password1": PASSWORD, "password2": PASSWORD}
        await self._request("GET", "/accounts/signup/", 200)
        await self._request("POST", "/accounts/signup/", 302, form)

    async def log_out(self) -> None:
        await self._request("POST", "/accounts/logout/", 302)

    async def delete_account(self) -> None:
        await self._request("POST", "/accounts/delete/", 302, {"password": PASSWORD})

    async def _request(
        self, method: str, path: str, status: int, form: dict[str, str] = NOTHING
    ) -> None:
        token = {"csrfmiddlewaretoken": self._cookies.get("csrftoken", "")}
        async with httpx.AsyncClient(base_url=self._base) as client:
            answer = await client.request(
                method, path, data=token | form, headers={"cookie": self.cookie}
            )
        assert answer.status_code == status, answer.text
        for header in answer.headers.get_list("set-cookie"):
            name, _, value = header.partition(";")[0].partition("=")
            self._cookies[name] = value


async def log_out(browser: Browser, environment: dict[str, str]) -> int:
    await browser.log_out()
    return 4401


async def delete(browser: Browser, environment: dict[str, str]) -> int:
    await browser.delete_account()
    return 4401


async def ban(browser: Browser, environment: dict[str, str]) -> int:
    code = "from accounts.bans import ban; ban(person='user:1', reason='a bot')"
    await asyncio.to_thread(manage, "shell", "-c", code, environment=environment)
    return 4403


async def closed(watchers: Sequence[Watcher], code: int) -> None:
    async with asyncio.timeout(CLOSE_TIMEOUT):
        for watcher in watchers:
            await watcher.until(lambda w=watcher: w.closed is not None)
    assert [watcher.closed for watcher in watchers] == [code] * len(watchers)
    await asyncio.gather(*(watcher.close() for watcher in watchers))


async def replayed(pod: ServerProcess) -> str:
    """Return the name on the first pixel, as the pod replays it to a new socket of plain JSON."""
    async with websockets.connect(f"{pod.ws_url()}?since=0") as socket, asyncio.timeout(20):
        while (event := json.loads(await socket.recv()))["type"] != "pixel_updated":
            pass
    name: str = event["username"]
    return name


async def forgotten(pods: Sequence[ServerProcess]) -> None:
    async with asyncio.timeout(20):  # two seconds, but for a busy machine
        for pod in pods:
            while await replayed(pod) != DELETED:  # noqa: ASYNC110 - no event tells of it
                await asyncio.sleep(0.1)


@pytest.mark.parametrize("redis", [with_redis, without_redis])
def test_sockets_close_on_every_pod(
    redis: Callable[[], AbstractContextManager[str]], start_pods: StartPods, database_url: str
) -> None:
    with redis() as url:
        pods = start_pods(3, url)
        environment = {"DATABASE_URL": database_url, "REDIS_URL": url}

        async def is_expelled(name: str, act: Callable[..., Awaitable[int]]) -> None:
            browser = Browser(pods[0])
            await browser.sign_up(name)
            own = [await Watcher(pod.ws_url(), cookie=browser.cookie).connect() for pod in pods]
            assert {watcher.newest("hello")["username"] for watcher in own} == {name}
            if act is delete:
                draw(own[0], "only")
                for watcher in own:
                    await watcher.reach(1)
                assert [await replayed(pod) for pod in pods] == [name] * len(pods)
            await closed(own, await act(browser, environment))

        async def scenario() -> None:
            strangers = [await Watcher(pod.ws_url()).connect() for pod in pods]
            for name, act in {"alice": ban, "bobby": log_out, "carol": delete}.items():
                await is_expelled(name, act)
            await forgotten(pods)
            assert [watcher.closed for watcher in strangers] == [None] * len(pods)
            await asyncio.gather(*(watcher.close() for watcher in strangers))

        asyncio.run(scenario())


def test_they_close_when_their_session_ends(start_pods: StartPods, database_url: str) -> None:
    """The pods have no Redis, and sockets of another session stay open."""
    pods = start_pods(2)
    soon = "UPDATE django_session SET expire_date = clock_timestamp() + %s * interval '1 second'"

    async def scenario() -> None:
        alice, bobby = Browser(pods[0]), Browser(pods[1])
        await alice.sign_up("alice")
        with psycopg.connect(database_url, autocommit=True) as database:
            database.execute(soon, [REMAINING])
        ends_at = time.monotonic() + REMAINING
        await bobby.sign_up("bobby")
        own = [await Watcher(pod.ws_url(), cookie=alice.cookie).connect() for pod in pods]
        others = [await Watcher(pod.ws_url(), cookie=bobby.cookie).connect() for pod in pods]
        assert {watcher.newest("hello")["username"] for watcher in own} == {"alice"}
        await asyncio.sleep(ends_at - time.monotonic() - 0.1)
        assert [watcher.closed for watcher in own] == [None, None]
        await asyncio.sleep(0.1)
        await closed(own, 4401)
        assert [watcher.closed for watcher in others] == [None, None]
        await asyncio.gather(*(watcher.close() for watcher in others))

    asyncio.run(scenario())
