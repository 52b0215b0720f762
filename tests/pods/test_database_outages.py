"""The database goes away in every way it can: all is answered in time, and it heals by itself."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from itertools import count

import httpx
import psycopg
import pytest

from tests.pods.conftest import StartPods
from tests.pods.drawing import answered, draw, watching
from tests.support.postgres import PostgresServer
from tests.support.postgres_proxy import PostgresProxy
from tests.support.processes import ServerProcess, free_port, migrate
from tests.support.sockets import Watcher

pytestmark = pytest.mark.pods

NOTICED = 30.0  # seconds, far above the deadlines: the machine of a test may be slow
PIXEL = {"x": 3, "y": 4, "color": "#FF0000"}


@pytest.fixture
def proxy(database_url: str) -> Iterator[PostgresProxy]:
    with PostgresProxy(database_url) as proxy:
        yield proxy


@pytest.fixture
def own_postgres() -> Iterator[PostgresServer]:
    """A server of the test's own, to be restarted."""
    with PostgresServer() as server:
        yield server


def client_of(pod: ServerProcess) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=None)
    return httpx.AsyncClient(base_url=pod.base_url, limits=limits, timeout=NOTICED)


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(NOTICED):
        while not await condition():  # noqa: ASYNC110 - a probe sets no event
            await asyncio.sleep(0.1)


async def is_ready(client: httpx.AsyncClient) -> bool:
    return (await client.get("/readyz")).status_code == 200


async def is_out(client: httpx.AsyncClient) -> bool:
    return (await client.get("/readyz")).status_code == 503


def is_unavailable(answer: httpx.Response) -> bool:
    """Tell whether an answer of the API is 503 in its form; fail for any other fault."""
    assert answer.status_code in (200, 503), answer.text
    if answer.status_code == 503:
        assert answer.json()["code"] in ("unavailable", "busy")
        assert int(answer.headers["retry-after"]) >= 1
    return answer.status_code == 503


async def acked(watcher: Watcher, client_id: str) -> bool:
    """Draw a pixel; tell whether it was placed or refused."""
    count = len(watcher.of_type("ack")) + len(watcher.of_type("error"))
    draw(watcher, client_id)
    await watcher.until(
        lambda: len(watcher.of_type("ack")) + len(watcher.of_type("error")) > count, NOTICED
    )
    return watcher.newest("ack").get("id") == client_id


def metric(port: int, name: str) -> float:
    text = httpx.get(f"http://127.0.0.1:{port}/metrics").text
    return float(next(line.split()[1] for line in text.splitlines() if line.startswith(name)))


def test_a_silent_database_is_told_and_everybody_is_answered(
    start_pods: StartPods, proxy: PostgresProxy
) -> None:
    port = free_port()
    (pod,) = start_pods(1, DATABASE_URL=proxy.url, METRICS_PORT=str(port))

    async def scenario() -> None:
        async with client_of(pod) as client, watching([pod]) as (watcher,):
            assert await acked(watcher, "before")
            proxy.fall_silent()
            refused, answer = await asyncio.gather(
                acked(watcher, "silent"), client.put("/api/pixel", json=PIXEL)
            )
            assert not refused
            assert is_unavailable(answer)
            await until(lambda: is_out(client))
            assert (await client.get("/healthz")).status_code == 200
            assert metric(port, "pixelsite_writer_ready") == 0
            assert metric(port, 'pixelsite_database_faults_total{reason="silent"}') > 0
            newcomer = Watcher(pod.ws_url())
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.5):
                    await newcomer.connect()
            await newcomer.until(lambda: newcomer.closed == 1013, NOTICED)
            await newcomer.close()
            proxy.mend()
            await until(lambda: is_ready(client))
            assert await acked(watcher, "after")
            assert not watcher.faults

    asyncio.run(scenario())


def test_connections_that_die_in_silence_are_replaced(
    start_pods: StartPods, proxy: PostgresProxy
) -> None:
    (pod,) = start_pods(1, DATABASE_URL=proxy.url)

    async def scenario() -> None:
        async with client_of(pod) as client, watching([pod]) as (watcher,):
            for number in range(10):
                assert await acked(watcher, f"before-{number}")
            proxy.lose_connections()
            started, attempts = time.monotonic(), 0
            while not await acked(watcher, f"after-{attempts}"):
                attempts += 1
                assert time.monotonic() - started < NOTICED
            assert attempts <= 2, "one for each connection of the writer, at most"
            await until(lambda: is_ready(client))

    asyncio.run(scenario())


def test_a_pod_stops_while_the_database_is_silent(
    start_pods: StartPods, proxy: PostgresProxy
) -> None:
    (pod,) = start_pods(1, DATABASE_URL=proxy.url)

    async def scenario() -> None:
        async with watching([pod]) as (watcher,):
            assert await acked(watcher, "before")
            proxy.fall_silent()
            draw(watcher, "silent")
            await asyncio.sleep(0.2)
            pod.ask_to_stop()
            await watcher.until(lambda: watcher.closed == 1012, NOTICED)

    asyncio.run(scenario())
    assert pod.wait_stopped() == 0


def test_after_a_restart_of_postgresql_no_request_meets_a_dead_connection(
    own_postgres: PostgresServer, start_pods: StartPods
) -> None:
    database_url = own_postgres.create()
    migrate(database_url)
    (pod,) = start_pods(1, DATABASE_URL=database_url)
    paths = ["/api/pixel?x=3&y=4", "/api/canvas", "/", "/accounts/", "/api/canvas/history"]

    async def scenario() -> None:
        async with client_of(pod) as client, watching([pod]) as (watcher,):
            columns = count()  # each pixel goes to a cell of its own

            async def ask_all() -> list[httpx.Response]:
                return await asyncio.gather(
                    *(client.get(path) for path in paths * 6),
                    *(
                        client.put("/api/pixel", json=PIXEL | {"x": next(columns)})
                        for _ in range(8)
                    ),
                )

            assert {answer.status_code for answer in await ask_all()} <= {200, 302}
            assert await acked(watcher, "before")
            for round_ in range(3):
                own_postgres.stop()
                if asks_meanwhile := round_ < 2:
                    own_postgres.start()
                else:  # only its readiness is asked for until the pod is well again
                    await until(lambda: is_out(client))
                    own_postgres.start()
                for answer in await ask_all() if asks_meanwhile else []:
                    assert answer.status_code in (200, 302, 503), answer.text
                    assert answer.status_code != 503 or answer.headers["retry-after"]
                await until(lambda: is_ready(client))
                assert {answer.status_code for answer in await ask_all()} <= {200, 302}
                assert await acked(watcher, f"after-{round_}")

    asyncio.run(scenario())


def test_without_a_database_all_paths_answer_503_in_their_form(
    own_postgres: PostgresServer, start_pods: StartPods
) -> None:
    database_url = own_postgres.create()
    migrate(database_url)
    (pod,) = start_pods(1, DATABASE_URL=database_url)
    cookie = {"cookie": "sessionid=" + "a" * 32}
    token = {"authorization": "Bearer px_unknown"}
    apis = ["/api/canvas/changes?since=0", "/api/pixel?x=1&y=1", "/api/canvas/board.png?seq=0"]
    pages = ["/accounts/", "/admin/", "/admin/login/", "/c/another/"]

    async def scenario() -> None:
        async with client_of(pod) as client, watching([pod]):
            own_postgres.stop()
            answers = [await client.get(path, headers=token) for path in apis]
            answers.append(await client.put("/api/pixel", json=PIXEL))
            for answer in answers:
                assert is_unavailable(answer)
            for path in pages:
                answer = await client.get(path, headers=cookie)
                assert answer.status_code == 503, path
                assert answer.headers["retry-after"]
                assert answer.headers["content-type"].startswith("text/html")
            assert (await client.get("/")).status_code == 200, "the page itself needs no database"
            own_postgres.start()
            await until(lambda: is_ready(client))

    asyncio.run(scenario())


def test_a_read_only_database_makes_a_pod_not_ready_and_changes_no_past(
    start_pods: StartPods, database_url: str
) -> None:
    """Play a failover: the pod reaches a replica that lacks its last placement."""
    (pod,) = start_pods(1)
    name = database_url.rpartition("/")[2]

    def execute(*statements: str) -> None:
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute("SET default_transaction_read_only = off")
            for statement in statements:
                connection.execute(statement)

    others = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    others += " AND pid <> pg_backend_pid()"

    async def scenario() -> None:
        async with client_of(pod) as client, watching([pod]) as (watcher,):
            assert await acked(watcher, "before")
            epoch = watcher.of_type("hello")[0]["epoch"]
            execute(
                "UPDATE canvas_canvas SET seq = 0",
                f"ALTER DATABASE {name} SET default_transaction_read_only = on",
                others,
            )
            await until(lambda: is_out(client))
            assert "read-only" in (await client.get("/readyz")).json()["database"]
            assert is_unavailable(await client.put("/api/pixel", json=PIXEL))
            assert not await acked(watcher, "meanwhile")
            await asyncio.sleep(2.5)  # the relay compares once a second
            execute(
                "UPDATE canvas_canvas SET seq = 1",
                f"ALTER DATABASE {name} RESET default_transaction_read_only",
                others,
            )
            await until(lambda: is_ready(client))
            await until(lambda: acked(watcher, "after"))
            assert not watcher.of_type("canvas_changed"), "it has not thought itself ahead"
            assert (await client.get("/api/canvas")).json()["epoch"] == epoch

    asyncio.run(scenario())
    assert "is read anew: ahead" not in pod.output()


def test_a_placement_behind_a_lock_is_refused_in_time_and_not_made_later(
    start_pods: StartPods, database_url: str
) -> None:
    (pod,) = start_pods(1)

    async def scenario() -> None:
        async with client_of(pod) as client, watching([pod]) as (watcher,):
            with psycopg.connect(database_url) as connection:
                connection.execute("SELECT * FROM canvas_canvas FOR UPDATE")
                answer = await client.put("/api/pixel", json=PIXEL)
                assert is_unavailable(answer)
                assert (await client.get("/readyz")).status_code == 200, "one canvas is no outage"
            await answered(watcher, 0)
            assert await acked(watcher, "after")
            assert watcher.last == 1, "what was refused was not placed"

    asyncio.run(scenario())
