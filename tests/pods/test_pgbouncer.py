"""Pods that may open more connections than PostgreSQL has: with PgBouncer, and without."""

import asyncio
import json

import httpx
import psycopg
import pytest

from tests.pods.conftest import StartPods
from tests.pods.drawing import draw_many, verify, watching
from tests.pods.test_database_outages import acked, is_ready, metric, until
from tests.pods.test_exports import FILL, LOG_IN, PATH
from tests.support.pgbouncer import PgBouncer
from tests.support.postgres import SETTINGS, PostgresServer
from tests.support.processes import free_port, manage, migrate
from tests.support.redis import RedisServer

pytestmark = pytest.mark.pods

PODS = 3
CONNECTIONS = 6  # to PostgreSQL, for pods that may open 36
OPERATIONS = 2500  # three pages of an export


def test_pods_share_few_connections_behind_pgbouncer(
    start_pods: StartPods, redis: RedisServer, database_url: str
) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute(FILL, [OPERATIONS])
    printed = manage("shell", "-c", LOG_IN, environment={"DATABASE_URL": database_url})
    cookie = next(line for line in printed.splitlines() if line.startswith("sessionid="))
    with PgBouncer(database_url, CONNECTIONS) as bouncer:
        pods = start_pods(PODS, redis.url, DATABASE_URL=bouncer.url)

        async def scenario() -> None:
            async with watching(pods, 3) as watchers:
                await draw_many(watchers, 200)
                assert not any(watcher.faults for watcher in watchers)
            async with httpx.AsyncClient(timeout=60) as client:
                exports = [client.get(p.base_url + PATH, headers={"cookie": cookie}) for p in pods]
                for answer in await asyncio.gather(*exports):
                    assert len(json.loads(answer.content)) == OPERATIONS
                for pod in pods:
                    assert (await client.get(f"{pod.base_url}/readyz")).status_code == 200

        asyncio.run(scenario())
        with psycopg.connect(database_url) as connection:
            used = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            row = connection.execute(used).fetchone()
            assert row is not None and row[0] <= CONNECTIONS + 1, "and this one"
            limits = "SELECT DISTINCT setconfig FROM pg_db_role_setting"
            assert not connection.execute(limits).fetchall(), "nothing is set behind our backs"
    verify(database_url, [])


def test_deadlines_hold_behind_pgbouncer(start_pods: StartPods, database_url: str) -> None:
    pixel = {"x": 3, "y": 4, "color": "#FF0000"}
    with PgBouncer(database_url, CONNECTIONS) as bouncer:
        (pod,) = start_pods(1, DATABASE_URL=bouncer.url)
        with psycopg.connect(database_url) as connection:
            connection.execute("SELECT * FROM canvas_canvas FOR UPDATE")
            answer = httpx.put(f"{pod.base_url}/api/pixel", json=pixel, timeout=30)
            assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")


def test_a_pod_that_gets_no_connection_says_why(start_pods: StartPods) -> None:
    port = free_port()
    with PostgresServer({**SETTINGS, "max_connections": "20"}) as server:
        database_url = server.create()
        migrate(database_url)
        taken: list[psycopg.Connection] = []
        with pytest.raises(psycopg.OperationalError, match="too many clients"):
            while len(taken) < 100:
                taken.append(psycopg.connect(database_url))
        (pod,) = start_pods(1, DATABASE_URL=database_url, METRICS_PORT=str(port))

        async def scenario() -> None:
            async with httpx.AsyncClient(base_url=pod.base_url, timeout=30) as client:
                answer = await client.get("/readyz")
                assert answer.status_code == 503
                assert "too many clients" in answer.json()["database"]
                assert metric(port, 'pixelsite_database_faults_total{reason="connect"}') > 0
                for connection in taken:
                    connection.close()
                await until(lambda: is_ready(client))
                async with watching([pod]) as (watcher,):
                    assert await acked(watcher, "after")

        asyncio.run(scenario())
        assert "no connection to the database: sorry, too many clients already" in pod.output()
        assert pod.stop() == 0
