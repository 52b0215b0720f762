"""Pools of connections to Redis, which share one TLS context."""

import ssl
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from channels_redis.utils import create_pool
from redis.asyncio import ConnectionPool, SSLConnection
from redis.asyncio.connection import RedisSSLContext
from redis.asyncio.sentinel import SentinelConnectionPool, SentinelManagedConnection

from pixelsite.conf.redis import RedisHost


def make_pool(host: RedisHost) -> ConnectionPool:
    """Return a pool for the Redis that an entry of CHANNEL_LAYERS names, by Sentinels or not."""
    pool: ConnectionPool = create_pool(host)
    _share_context(pool)
    if isinstance(pool, SentinelConnectionPool):
        for sentinel in pool.sentinel_manager.sentinels:
            _share_context(sentinel.connection_pool)
    return pool


class TLSConnection(SSLConnection):
    """A connection with the shared context, unless REDIS_URL asks for another by its query.

    redis-py makes a context for each connection, on the event loop, and reads all authorities of
    the system for it: 30 ms, and four of them for each attempt to subscribe by Sentinels.
    """

    def _connection_arguments(self) -> Mapping[str, Any]:
        options = self.ssl_context
        if _verifies_alone(options):
            options.context = tls_context(options.ca_certs)
        arguments: Mapping[str, Any] = super()._connection_arguments()
        return arguments


class SentinelTLSConnection(SentinelManagedConnection, TLSConnection):
    """A connection with the shared context, to the primary that the Sentinels name."""


def tls_context(authority: str | None) -> ssl.SSLContext:
    """Return the context that verifies servers by a file, or by the system's authorities.

    A file that was replaced is read again. Raise OSError where it cannot be read.
    """
    return _context(authority, Path(authority).stat().st_mtime_ns if authority else 0)


def _verifies_alone(options: RedisSSLContext) -> bool:
    """Tell whether the options say no more than which authorities verify the server."""
    usual = RedisSSLContext(cert_reqs="required", check_hostname=True, ca_certs=options.ca_certs)
    names = (name for name in RedisSSLContext.__slots__ if name != "context")
    return all(getattr(options, name) == getattr(usual, name) for name in names)


@lru_cache(maxsize=4)
def _context(authority: str | None, changed_at: int) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=authority)


def _share_context(pool: ConnectionPool) -> None:
    kind = pool.connection_class
    if issubclass(kind, SSLConnection):
        by_sentinels = issubclass(kind, SentinelManagedConnection)
        pool.connection_class = SentinelTLSConnection if by_sentinels else TLSConnection
