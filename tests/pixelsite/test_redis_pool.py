"""Connections to Redis share one TLS context: making one stops the event loop for 30 ms."""

import os
import ssl
from collections.abc import Mapping
from pathlib import Path

import pytest
from redis.asyncio import Connection, ConnectionPool
from redis.asyncio.sentinel import SentinelConnectionPool

from pixelsite.conf.env import Environment
from pixelsite.conf.redis import redis_host
from pixelsite.redis.pool import make_pool
from tests.support.certificates import Certificates

URL = "rediss://127.0.0.1:1"


@pytest.fixture
def authority(tmp_path: Path) -> str:
    return str(Certificates(tmp_path).authority)


def pool_of(**variables: str) -> ConnectionPool:
    """Return a new pool, as a new subscription makes it, by the settings of a pod."""
    host = redis_host(Environment({"REDIS_PASSWORD": "secret", **variables}))
    assert host is not None
    return make_pool(host)


def next_arguments(pool: ConnectionPool) -> Mapping[str, object]:
    """Return the arguments with which asyncio opens the next connection of a pool."""
    connection: Connection = pool.make_connection()  # type: ignore[no-untyped-call]  # redis-py
    arguments: Mapping[str, object] = connection._connection_arguments()
    return arguments


def context_of(pool: ConnectionPool) -> ssl.SSLContext:
    """Return the context that the next connection of a pool uses."""
    context = next_arguments(pool)["ssl"]
    assert isinstance(context, ssl.SSLContext)
    return context


def test_all_pools_of_a_url_use_one_context(authority: str) -> None:
    first, second = (context_of(pool_of(REDIS_URL=URL, REDIS_CA_CERT=authority)) for _ in range(2))
    assert first is second
    assert (first.verify_mode, first.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert len(first.get_ca_certs()) == 1, "the system's authorities are not trusted beside it"


def test_the_system_s_authorities_are_read_once() -> None:
    assert context_of(pool_of(REDIS_URL=URL)) is context_of(pool_of(REDIS_URL=URL))


def test_sentinels_and_their_primary_use_one_context(authority: str) -> None:
    pools = [
        pool_of(REDIS_SENTINELS="127.0.0.1:1,127.0.0.1:2", REDIS_CA_CERT=authority)
        for _ in range(2)
    ]
    contexts = set()
    for pool in pools:
        assert isinstance(pool, SentinelConnectionPool)
        contexts.add(context_of(pool))
        for sentinel in pool.sentinel_manager.sentinels:
            contexts.add(context_of(sentinel.connection_pool))
    assert len(contexts) == 1


def test_an_authority_that_was_replaced_is_read_again(authority: str) -> None:
    former = context_of(pool_of(REDIS_URL=URL, REDIS_CA_CERT=authority))
    Path(authority).write_bytes(Path(Certificates(other_folder(authority)).authority).read_bytes())
    os.utime(authority, (1, 1))
    newer = context_of(pool_of(REDIS_URL=URL, REDIS_CA_CERT=authority))
    assert newer.get_ca_certs() != former.get_ca_certs()


def test_a_url_that_asks_for_another_context_gets_it() -> None:
    context = context_of(pool_of(REDIS_URL=f"{URL}?ssl_cert_reqs=none"))
    assert context.verify_mode == ssl.CERT_NONE


def test_a_connection_without_tls_has_none() -> None:
    pool = pool_of(REDIS_URL="redis://127.0.0.1:1")
    assert "ssl" not in next_arguments(pool)


def other_folder(authority: str) -> Path:
    folder = Path(authority).parent / "other"
    folder.mkdir()
    return folder
