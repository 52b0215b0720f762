"""A pod's connection to the Redis of a test."""

from pixelsite.conf.env import Environment
from pixelsite.conf.redis import redis_host
from pixelsite.redis.connection import SharedConnection


def connect_to(url: str, **login: str) -> SharedConnection:
    host = redis_host(Environment({"REDIS_URL": url, **login}))
    assert host is not None
    return SharedConnection(host)
