"""Connections as a pod has one, to a Redis of a test."""

from pixelsite.broker import redis_host
from pixelsite.env import Environment
from pixelsite.link import Link


def link_to(url: str, **login: str) -> Link:
    host = redis_host(Environment({"REDIS_URL": url, **login}))
    assert host is not None
    return Link(host)
