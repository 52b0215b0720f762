"""The fault that takes all connections takes them from the pods, too, or says that it could not."""

from collections.abc import Iterator
from unittest.mock import Mock

import psycopg
import pytest

from stress.faults import postgres
from tests.support.postgres import SETTINGS, PostgresServer

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with PostgresServer({**SETTINGS, "max_connections": "20"}) as server:
        yield server


@pytest.fixture
def site(server: PostgresServer) -> Mock:
    return Mock(postgres=server, held=[])


async def test_all_are_taken_and_given_back(site: Mock, server: PostgresServer) -> None:
    url = server.create()
    with psycopg.connect(url) as pod:
        await postgres.take_connections(site)
        with pytest.raises(psycopg.OperationalError):
            pod.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)
    await postgres.give_connections_back(site)
    assert site.held == []
    psycopg.connect(url).close()


async def test_pods_that_keep_some_are_told(
    site: Mock, server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "TRIES", 1)  # it has not seen yet that none is left
    refusal = pytest.raises(RuntimeError, match="after 1 tries")
    with psycopg.connect(server.create()), refusal:
        await postgres.take_connections(site)
    assert site.held == []
