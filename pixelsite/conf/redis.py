"""The connection to Redis, from the environment: address, login, TLS and time-outs."""

import ssl
from collections.abc import Sequence
from typing import Any, TypedDict, final

from django.core.exceptions import ImproperlyConfigured
from redis.asyncio.connection import parse_url
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from pixelsite.conf.env import Environment
from pixelsite.conf.safety import is_loopback

TIMEOUT = 1.0  # seconds for a connection or an answer; by default redis-py waits for ever


class RedisOptions(TypedDict, total=False):
    """redis-py's options of one connection."""

    username: str
    password: str
    socket_connect_timeout: float  # seconds
    socket_timeout: float  # seconds
    socket_keepalive: bool
    driver_info: None
    retry: Retry
    ssl: bool
    ssl_cert_reqs: str
    ssl_check_hostname: bool
    ssl_ca_certs: str


@final
class RedisByURL(RedisOptions):
    """An entry of channels-redis' `hosts` for a Redis with a fixed address."""

    address: str


@final
class RedisBySentinels(RedisOptions):
    """An entry of channels-redis' `hosts` for the primary that the Sentinels name."""

    sentinels: Sequence[tuple[str, int]]
    master_name: str
    sentinel_kwargs: RedisOptions


RedisHost = RedisByURL | RedisBySentinels


# The connections of `pixelsite.redis` bound every wait themselves. redis-py's own
# socket_timeout sends through asyncio.wait_for, which may swallow a cancellation.
CONNECTION: RedisOptions = {
    "socket_connect_timeout": TIMEOUT,
    "socket_keepalive": True,
    "driver_info": None,  # or each connection tries CLIENT SETINFO, which an ACL refuses
}
# Two Sentinels may hang, and within TIMEOUT the third one and its primary are still reached.
SENTINEL: RedisOptions = {
    **CONNECTION,
    "socket_connect_timeout": TIMEOUT / 4,
    "socket_timeout": TIMEOUT / 4,
    "retry": Retry(NoBackoff(), 0),  # redis-py's default asks a dead one thrice, seconds apart
}


def redis_host(env: Environment) -> RedisHost | None:
    """Return a `hosts` entry for channels-redis, or None when no Redis is configured.

    Raise ImproperlyConfigured for settings that contradict each other, and for a Redis on
    another machine without password and TLS, unless REDIS_INSECURE allows that.
    """
    host = _host(env)
    if host is not None and not env.flag("REDIS_INSECURE", default=False):
        _check_safe(host)
    return host


def _host(env: Environment) -> RedisHost | None:
    url, sentinels = env.secret("REDIS_URL"), env.words("REDIS_SENTINELS")
    if url and sentinels:
        raise ImproperlyConfigured("Set REDIS_URL or REDIS_SENTINELS, not both.")
    if sentinels:
        return _from_sentinels(env, sentinels)
    for name in ("REDIS_MASTER", "REDIS_SENTINEL_USERNAME", "REDIS_SENTINEL_PASSWORD"):
        if env.secret(name):
            raise ImproperlyConfigured(f"{name} is of no use without REDIS_SENTINELS.")
    if url:
        return _from_url(env, url)
    for name in ("REDIS_USERNAME", "REDIS_PASSWORD", "REDIS_CA_CERT"):
        if env.secret(name):
            raise ImproperlyConfigured(f"{name} needs REDIS_URL or REDIS_SENTINELS.")
    return None


def _from_url(env: Environment, url: str) -> RedisByURL:
    if not url.startswith(("redis://", "rediss://", "unix://")):
        raise ImproperlyConfigured("REDIS_URL must start with redis://, rediss:// or unix://.")
    try:
        named = parse_url(url)
    except ValueError:  # its text may show a piece of the password
        raise ImproperlyConfigured(
            "REDIS_URL cannot be read; a password with special characters belongs into "
            "REDIS_PASSWORD."
        ) from None
    login = _redis_login(env)
    if login and not named.keys().isdisjoint({"username", "password"}):
        raise ImproperlyConfigured("REDIS_URL has a login; REDIS_PASSWORD would be another.")
    authority = env.text("REDIS_CA_CERT")
    if url.startswith("rediss://"):
        return {"address": url, **CONNECTION, **login, **_tls(authority)}
    if authority:
        raise ImproperlyConfigured("REDIS_CA_CERT needs a REDIS_URL with rediss://.")
    return {"address": url, **CONNECTION, **login}


def _from_sentinels(env: Environment, sentinels: list[str]) -> RedisBySentinels:
    """Return the entry for a Redis with Sentinels, all with TLS if REDIS_CA_CERT is set."""
    authority = env.text("REDIS_CA_CERT")
    tls: RedisOptions = {"ssl": True, **_tls(authority)} if authority else {}
    login = _login(
        "REDIS_SENTINEL", env.text("REDIS_SENTINEL_USERNAME"), env.secret("REDIS_SENTINEL_PASSWORD")
    )
    return {
        "sentinels": [_address(word) for word in sentinels],
        "master_name": env.text("REDIS_MASTER", default="mymaster"),
        "sentinel_kwargs": {**SENTINEL, **tls, **login},
        **CONNECTION,
        **_redis_login(env),
        **tls,
    }


def _check_safe(host: RedisHost) -> None:
    parsed: dict[str, Any] = {}
    if "address" in host:
        parsed = dict(parse_url(host["address"]))
        names = [parsed.get("host", "localhost")]
        encrypted = host["address"].startswith("rediss://")
    else:
        names = [name for name, _ in host["sentinels"]]
        encrypted = "ssl" in host
    if all(map(is_loopback, names)):
        return
    if not encrypted or not (host.get("password") or parsed.get("password")):
        raise ImproperlyConfigured(
            "A Redis elsewhere needs a password and TLS: REDIS_PASSWORD, and rediss:// or "
            "REDIS_CA_CERT. On a private network that you trust, set REDIS_INSECURE=1."
        )


def _address(word: str) -> tuple[str, int]:
    host, _, port = word.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ImproperlyConfigured(f"REDIS_SENTINELS: {word!r} must have the form host:port.")
    return host.removeprefix("[").removesuffix("]"), int(port)


def _redis_login(env: Environment) -> RedisOptions:
    return _login("REDIS", env.secret("REDIS_USERNAME"), env.secret("REDIS_PASSWORD"))


def _login(prefix: str, username: str, password: str) -> RedisOptions:
    if username and not password:
        raise ImproperlyConfigured(f"{prefix}_USERNAME needs a {prefix}_PASSWORD.")
    if username:
        return {"username": username, "password": password}
    return {"password": password} if password else {}


def _tls(authority: str) -> RedisOptions:
    """Return options that verify the server by the file `authority`, or the system's without it."""
    options: RedisOptions = {"ssl_cert_reqs": "required", "ssl_check_hostname": True}
    if not authority:
        return options
    try:
        ssl.create_default_context(cafile=authority)
    except OSError as error:
        raise ImproperlyConfigured(
            f"REDIS_CA_CERT cannot be read, or is no certificate: {error}"
        ) from error
    return {**options, "ssl_ca_certs": authority}
