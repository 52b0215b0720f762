"""Probes of Kubernetes or a load balancer: is the process alive, may it get traffic."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

import orjson

from canvas.pod.pod import Pod, current_pod
from pixelsite.observe.paths import HEALTH, READINESS

Scope = Mapping[str, Any]
Application = Callable[[Any, Any, Any], Awaitable[None]]


class Health(NamedTuple):
    """An HTTP status, and the words for it."""

    status: int
    body: dict[str, str]


def alive() -> Health:
    """Tell that the process runs.

    It checks nothing else: otherwise an outage of Redis or the database would restart pods.
    """
    return Health(200, {"status": "ok"})


def ready(pod: Pod | None) -> Health:
    """Return 200 if the pod can commit placements and is not draining, else 503 and the reason.

    Without Redis the pod is ready, with the status `degraded`.
    """
    if pod is None:
        return Health(503, {"status": "starting"})
    if pod.draining:
        return Health(503, {"status": "draining"})
    if fault := pod.writer_health.fault:
        return Health(503, {"status": "unavailable", "database": fault})
    return Health(200, {"status": "degraded" if pod.degraded else "ok", "database": "ok"})


class Probes:
    """ASGI middleware that answers the probes from memory, on the event loop.

    A probe that waited for a thread, or for a connection to the database, would fail a pod that is
    only busy.
    """

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if scope["path"] not in (HEALTH, READINESS):
            await self._application(scope, receive, send)
            return
        health = alive() if scope["path"] == HEALTH else ready(current_pod.get())
        body = orjson.dumps(health.body)
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
        ]
        await send({"type": "http.response.start", "status": health.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
