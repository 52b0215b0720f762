"""Where Redis is and how to get in, from the environment."""

import ssl
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from redis.asyncio.connection import parse_url
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from pixelsite.conf.env import Environment
from pixelsite.conf.safety import is_loopback

TIMEOUT = 1.0  # seconds for a connection or an answer; by default redis-py waits for ever

# The connections of `pixelsite.redis` bound every wait themselves. redis-py's own
# socket_timeout sends through asyncio.wait_for, which may swallow a cancellation.
CONNECTION: dict[str, Any] = {
    "socket_connect_timeout": TIMEOUT,
    "socket_keepalive": True,
    "driver_info": None,  # or each connection tries CLIENT SETINFO, which an ACL refuses
}
# Two Sentinels may hang, and within TIMEOUT the third one and its primary are still reached.
SENTINEL: dict[str, Any] = {
    **CONNECTION,
    "socket_connect_timeout": TIMEOUT / 4,
    "socket_timeout": TIMEOUT / 4,
    "retry": Retry(NoBackoff(), 0),  # redis-py's default asks a dead one thrice, seconds apart
}


def redis_host(env: Environment) -> dict[str, Any] | None:
    """A `hosts` entry for channels-redis; None when no Redis is named.

    Raise ImproperlyConfigured for what cannot be, and for a Redis elsewhere that anyone on the
    way could read or write, unless REDIS_INSECURE says that nobody is there.
    """
    host = _host(env)
    if host is not None and not env.flag("REDIS_INSECURE", default=False):
        _check_safe(host)
    return host


def _host(env: Environment) -> dict[str, Any] | None:
    url, sentinels = env.secret("REDIS_URL"), env.words("REDIS_SENTINELS")
    if url and sentinels:
        raise ImproperlyConfigured("Set REDIS_URL or REDIS_SENTINELS, not both.")
    if sentinels:
        return _behind_sentinels(env, sentinels)
    for name in ("REDIS_MASTER", "REDIS_SENTINEL_PASSWORD"):
        if env.secret(name):
            raise ImproperlyConfigured(f"{name} is of no use without REDIS_SENTINELS.")
    if url:
        return _at(env, url)
    for name in ("REDIS_USERNAME", "REDIS_PASSWORD", "REDIS_CA_CERT"):
        if env.secret(name):
            raise ImproperlyConfigured(f"{name} needs REDIS_URL or REDIS_SENTINELS.")
    return None


def _at(env: Environment, url: str) -> dict[str, Any]:
    if not url.startswith(("redis://", "rediss://", "unix://")):
        raise ImproperlyConfigured("REDIS_URL must start with redis://, rediss:// or unix://.")
    try:
        named = parse_url(url)
    except ValueError:  # whose text may show a piece of the password
        raise ImproperlyConfigured(
            "REDIS_URL cannot be read; a password with special characters belongs into "
            "REDIS_PASSWORD."
        ) from None
    login = _login(env)
    if login and not named.keys().isdisjoint({"username", "password"}):
        raise ImproperlyConfigured("REDIS_URL has a login; REDIS_PASSWORD would be another.")
    authority = env.text("REDIS_CA_CERT")
    if url.startswith("rediss://"):
        return {"address": url, **CONNECTION, **login, **_tls(authority)}
    if authority:
        raise ImproperlyConfigured("REDIS_CA_CERT needs a REDIS_URL with rediss://.")
    return {"address": url, **CONNECTION, **login}


def _behind_sentinels(env: Environment, sentinels: list[str]) -> dict[str, Any]:
    """With TLS if REDIS_CA_CERT is set, for the Sentinels and for Redis itself."""
    authority = env.text("REDIS_CA_CERT")
    tls = {"ssl": True, **_tls(authority)} if authority else {}
    password = env.secret("REDIS_SENTINEL_PASSWORD")
    return {
        "sentinels": [_address(word) for word in sentinels],
        "master_name": env.text("REDIS_MASTER", default="mymaster"),
        "sentinel_kwargs": {**SENTINEL, **tls, **({"password": password} if password else {})},
        **CONNECTION,
        **_login(env),
        **tls,
    }


def _check_safe(host: Mapping[str, Any]) -> None:
    named = parse_url(host["address"]) if "address" in host else {}
    places = [named.get("host", "localhost")] if named else [name for name, _ in host["sentinels"]]
    if all(map(is_loopback, places)):
        return
    encrypted = "ssl" in host or host.get("address", "").startswith("rediss://")
    if not encrypted or not (host.get("password") or named.get("password")):
        raise ImproperlyConfigured(
            "A Redis elsewhere needs a password and TLS: REDIS_PASSWORD, and rediss:// or "
            "REDIS_CA_CERT. On a private network that you trust, set REDIS_INSECURE=1."
        )


def _address(word: str) -> tuple[str, int]:
    host, _, port = word.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ImproperlyConfigured(f"REDIS_SENTINELS: {word!r} must have the form host:port.")
    return host.removeprefix("[").removesuffix("]"), int(port)


def _login(env: Environment) -> dict[str, str]:
    given = {"username": env.secret("REDIS_USERNAME"), "password": env.secret("REDIS_PASSWORD")}
    if given["username"] and not given["password"]:
        raise ImproperlyConfigured("REDIS_USERNAME needs a REDIS_PASSWORD.")
    return {name: value for name, value in given.items() if value}


def _tls(authority: str) -> dict[str, Any]:
    """Always verified: against that file, or the system's authorities without it."""
    given = {"ssl_cert_reqs": "required", "ssl_check_hostname": True}
    if not authority:
        return given
    try:
        ssl.create_default_context(cafile=authority)
    except OSError as error:
        raise ImproperlyConfigured(
            f"REDIS_CA_CERT cannot be read, or is no certificate: {error}"
        ) from error
    return {**given, "ssl_ca_certs": authority}
