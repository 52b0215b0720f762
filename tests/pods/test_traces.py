"""A real pod sends its spans to a real receiver, without personal data in them."""

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from tests.pods.conftest import StartPods
from tests.pods.drawing import draw, watching
from tests.pods.test_drain import refused_with
from tests.support.collector import Collector, values
from tests.support.processes import ROOT, ServerProcess
from tests.support.redis import RedisServer

pytestmark = pytest.mark.pods

FRAMES = 20
TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
HEADERS = {
    "content-type": "application/json",
    "cookie": "preferences=SECRET",
    "traceparent": f"00-{TRACE}-{SPAN}-01",
    "tracestate": "who=SECRET",
    "user-agent": "SECRET",
    "x-request-id": "request-1",
}
LOGIN = {"authorization": "Bearer px_SECRET"}
NOTHING: dict[str, str] = {}


def ask(
    pod: ServerProcess,
    path: str,
    method: str = "GET",
    body: object = None,
    login: dict[str, str] = NOTHING,
) -> int:
    data = json.dumps(body).encode() if body else None
    headers = HEADERS | login
    request = urllib.request.Request(f"{pod.base_url}{path}", data, headers, method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_spans_have_names_ids_and_outcomes_alone(start_pods: StartPods, redis: RedisServer) -> None:
    with Collector() as collector:
        (pod,) = start_pods(1, redis.url, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url)
        assert ask(pod, "/SECRET/?token=SECRET") == 404
        assert ask(pod, "/api/pixel?token=SECRET", "PUT", {"x": "SECRET"}, LOGIN) == 401
        pixel = {"x": 1, "y": 2, "color": "#FF0000", "username": "SECRET"}
        assert ask(pod, "/api/pixel", "PUT", pixel) == 200

        async def scenario() -> None:
            async with watching([pod]) as (watcher,):
                for number in range(FRAMES):
                    draw(watcher, f"SECRET-{number}")
                await watcher.reach(FRAMES + 1)
            assert await refused_with(pod.ws_url("/ws/SECRET/")) == 4400

        asyncio.run(scenario())
        assert pod.stop() == 0

    assert collector.paths == {"/v1/traces"}
    assert (
        collector.resource().items()
        >= {
            "service.name": "pixelsite",
            "service.instance.id": "pod-1",
        }.items()
    )
    requests = collector.spans("PUT /api/pixel")
    assert [values(span) for span in requests] == [
        {
            "pixelsite.request_id": "request-1",
            "http.request.method": "PUT",
            "http.route": "/api/pixel",
            "http.response.status_code": status,
        }
        for status in (401, 200)
    ]
    assert {span.parent_span_id for span in requests} == {b""}, "a client's trace is not joined"
    (nowhere,) = collector.spans("GET (no route)")
    assert values(nowhere)["http.response.status_code"] == 404

    connects = collector.spans("websocket connect")
    assert [values(span)["pixelsite.admitted"] for span in connects] == [True, False]
    assert all(len(str(values(span)["pixelsite.connection_id"])) == 32 for span in connects)

    commits = collector.spans("commit")
    assert sum(int(values(span)["pixelsite.placements"]) for span in commits) == FRAMES + 1
    (by_http,) = [span for span in commits if span.links]
    assert by_http.links[0].span_id == requests[1].span_id
    published = sum(int(values(span)["pixelsite.messages"]) for span in collector.spans("publish"))
    assert published > FRAMES
    assert len(collector.spans()) == sum(
        len(collector.spans(name))
        for name in ("PUT /api/pixel", "GET (no route)", "websocket connect", "commit", "publish")
    ), "neither frames nor probes have spans"
    for private in ("SECRET", "127.0.0.1", "#FF0000"):
        assert private not in collector.text()
    # A number of its own: a time in nanoseconds may have the same digits within.
    assert not re.search(rf"\b{pod.port}\b", collector.text())


def test_a_trace_that_a_proxy_of_ours_began_goes_on(start_pods: StartPods) -> None:
    with Collector() as collector:
        settings = {"TRUSTED_PROXIES": "1", "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url}
        (pod,) = start_pods(1, **settings)
        assert ask(pod, "/api/canvas") == 200
        pod.stop()
    (span,) = collector.spans("GET /api/canvas")
    assert (span.trace_id.hex(), span.parent_span_id.hex()) == (TRACE, SPAN)
    assert "SECRET" not in collector.text()


@pytest.mark.parametrize("listens", [True, False], ids=["hung", "away"])
def test_a_collector_that_does_not_answer_delays_no_request_and_no_stop(
    start_pods: StartPods, listens: bool
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        if not listens:
            silent.close()
        (pod,) = start_pods(1, OTEL_EXPORTER_OTLP_ENDPOINT=url)
        assert ask(pod, "/api/canvas") == 200
        began = time.monotonic()
        assert pod.stop() == 0
        assert time.monotonic() - began < 10


def test_without_a_collector_no_tracing_is_imported() -> None:
    """redis-py imports OpenTelemetry's metrics where they are installed, but does not use them."""
    program = """
import pixelsite.asgi, sys, threading
from runtime import spans
assert isinstance(spans.tracer.get(), spans.NoTracer)
assert threading.active_count() == 1
print(sorted(name for name in sys.modules if name in (
    "pixelsite.observe.tracing", "opentelemetry.sdk.trace", "opentelemetry.exporter"
)))
"""
    command = [sys.executable, "-c", program]
    result = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True)
    assert result.stdout == "[]\n", result.stderr
