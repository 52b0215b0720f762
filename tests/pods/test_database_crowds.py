"""Drawing and probes have connections of their own while many requests wait for the database."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import httpx
import psycopg
import pytest

from pixelsite.conf.database import MIN_REQUEST_CONNECTIONS
from pixelsite.middleware.bulkheads import shares
from tests.pods.conftest import StartPods
from tests.pods.drawing import answered, draw, watching
from tests.support.processes import ServerProcess, manage

pytestmark = pytest.mark.pods

PROGRAMS = 64
EACH = 4  # pixels that a program places, one after the other
CONNECTIONS = "10"  # the fewest that a pod takes
BEYOND = 6  # requests beyond those that may wait
ISSUE = """
from django.contrib.auth.models import User
from accounts.tokens import issue
for number in range({count}):
    print(issue(User.objects.create(username=f"maker-{{number}}"), "bot", ["place", "read"]).secret)
"""


@pytest.fixture
def tokens(database_url: str) -> list[str]:
    code = ISSUE.format(count=PROGRAMS)
    printed = manage("shell", "-c", code, environment={"DATABASE_URL": database_url})
    return [line for line in printed.splitlines() if line.startswith("px_")]


@contextmanager
def locked(database_url: str, table: str) -> Iterator[None]:
    """Let nobody read a table meanwhile."""
    with psycopg.connect(database_url) as connection:
        connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield


def client_of(pod: ServerProcess) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=None)
    return httpx.AsyncClient(base_url=pod.base_url, limits=limits, timeout=60)


async def place(client: httpx.AsyncClient, token: str, x: int, y: int) -> int:
    pixel = {"x": x, "y": y, "color": "#FF0000", "id": str(y)}
    headers = {"Authorization": f"Bearer {token}"}
    return (await client.put("/api/pixel", json=pixel, headers=headers)).status_code


def test_programs_that_place_at_once_do_not_wait_for_each_others_connections(
    start_pods: StartPods, tokens: list[str]
) -> None:
    (pod,) = start_pods(1, DATABASE_CONNECTIONS=CONNECTIONS)

    async def scenario() -> None:
        async with client_of(pod) as client:

            async def program(x: int, token: str) -> list[int]:
                return [await place(client, token, x, y) for y in range(EACH)]

            answers = await asyncio.gather(*map(program, count(), tokens))
        assert Counter(sum(answers, [])) == {200: PROGRAMS * EACH}

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("table", "path"),
    [("accounts_accesstoken", "/api/pixel?x=1&y=1"), ("django_session", "/accounts/")],
)
def test_drawing_goes_on_while_all_connections_for_requests_are_in_use(
    table: str, path: str, start_pods: StartPods, database_url: str
) -> None:
    (pod,) = start_pods(1, DATABASE_CONNECTIONS=CONNECTIONS)
    headers = {"Authorization": "Bearer px_unknown", "Cookie": "sessionid=" + "a" * 32}

    async def scenario() -> None:
        async with client_of(pod) as client, watching([pod]) as (watcher,):
            with locked(database_url, table):
                waiting = [
                    asyncio.create_task(client.get(path, headers=headers)) for _ in range(PROGRAMS)
                ]
                await asyncio.sleep(0.5)
                for number in range(10):
                    draw(watcher, f"pixel-{number}")
                await answered(watcher, 10)
                assert (await client.get("/readyz")).status_code == 200
                assert not any(task.done() for task in waiting)
            answers = await asyncio.gather(*waiting)
            assert len(watcher.of_type("ack")) == 10
        assert {answer.status_code for answer in answers} <= {200, 302, 401, 503}
        for answer in answers:
            assert answer.status_code != 503 or answer.headers["retry-after"]

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("kind", "table", "path"),
    [
        ("past", "canvas_segment", "/api/canvas/history?since={}"),
        ("admin", "django_session", "/admin/?{}"),
    ],
)
def test_drawing_goes_on_while_a_share_of_requests_is_taken_with_all_who_may_wait(
    kind: str, table: str, path: str, start_pods: StartPods, database_url: str
) -> None:
    (pod,) = start_pods(1, DATABASE_CONNECTIONS=CONNECTIONS)
    share = shares(MIN_REQUEST_CONNECTIONS)[kind]
    cookie = {"Cookie": "sessionid=" + "a" * 32}

    async def scenario() -> None:
        async with client_of(pod) as client, watching([pod]) as (watcher,):
            with locked(database_url, table):
                asked = [
                    asyncio.create_task(client.get(path.format(number), headers=cookie))
                    for number in range(share.at_once + share.waiting + BEYOND)
                ]
                while sum(task.done() for task in asked) < BEYOND:  # noqa: ASYNC110 - no event
                    await asyncio.sleep(0.02)
                for number in range(10):
                    draw(watcher, f"pixel-{number}")
                await answered(watcher, 10)
                assert (await client.get("/readyz")).status_code == 200
                assert (await client.get("/api/pixel?x=1&y=1")).status_code == 200
                refused = [task.result() for task in asked if task.done()]
            assert {answer.status_code for answer in refused} == {503}
            assert all(answer.headers["retry-after"] for answer in refused)
            assert len(watcher.of_type("ack")) == 10
            answers = await asyncio.gather(*asked)
        assert {answer.status_code for answer in answers} <= {200, 302, 503}

    asyncio.run(scenario())


def test_a_crowd_that_opens_the_page_is_served_or_told_when_to_come_again(
    start_pods: StartPods,
) -> None:
    (pod,) = start_pods(1)

    async def scenario() -> None:
        async with client_of(pod) as client, watching([pod]) as (watcher,):
            opening = [asyncio.create_task(client.get("/")) for _ in range(1600)]
            draw(watcher, "meanwhile")
            await answered(watcher, 1)
            answers = await asyncio.gather(*opening)
        assert {answer.status_code for answer in answers} <= {200, 503}
        for answer in answers:
            assert answer.status_code == 200 or answer.headers["retry-after"]

    asyncio.run(scenario())
