"""Spans: they record that something failed, and no data of it."""

from collections.abc import Awaitable, Callable, Iterator

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from pixelsite.observe import tracing

Send = Callable[[object], Awaitable[None]]


@pytest.fixture(scope="module")
def receiver() -> InMemorySpanExporter:
    receiver = InMemorySpanExporter()
    tracing._provider.add_span_processor(SimpleSpanProcessor(receiver))
    return receiver


@pytest.fixture
def spans(receiver: InMemorySpanExporter) -> Iterator[InMemorySpanExporter]:
    yield receiver
    receiver.clear()


def test_a_fault_is_recorded_as_its_type(spans: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError), tracing.Tracer().linked_span("commit", []):
        raise ValueError("SECRET")
    (span,) = spans.get_finished_spans()
    assert span.status.status_code == StatusCode.ERROR
    assert span.attributes == {"error.type": "ValueError"}
    assert "SECRET" not in span.to_json()


def test_work_for_many_requests_is_a_span_of_its_own(spans: InMemorySpanExporter) -> None:
    tracer = tracing.Tracer()
    assert tracer.current() is None
    with tracing._span("GET /", {}):
        origin = tracer.current()
        assert origin is not None
        with tracer.linked_span("commit", [origin], placements=2):
            pass
    commit, request = spans.get_finished_spans()
    assert commit.parent is None
    assert [link.context for link in commit.links] == [request.context]
    assert commit.attributes == {"pixelsite.placements": 2}


@pytest.mark.parametrize(
    ("method", "status", "name", "outcome"),
    [
        ("GET", 200, "GET /api/pixel", StatusCode.UNSET),
        ("GET", 404, "GET /api/pixel", StatusCode.UNSET),
        ("GET", 503, "GET /api/pixel", StatusCode.ERROR),
        ("SECRET", 405, "_OTHER /api/pixel", StatusCode.UNSET),
    ],
)
async def test_a_request_is_recorded_as_its_route_and_status(
    spans: InMemorySpanExporter, method: str, status: int, name: str, outcome: StatusCode
) -> None:
    async def application(scope: object, receive: object, send: Send) -> None:
        await send({"type": "http.response.start", "status": status})

    async def send(message: object) -> None:
        """Drop the message."""

    scope = {"type": "http", "method": method, "path": "/api/pixel", "headers": []}
    await tracing.trace_requests(application)(scope, None, send)
    (span,) = spans.get_finished_spans()
    assert (span.name, span.status.status_code) == (name, outcome)
    assert span.attributes is not None
    assert span.attributes["http.response.status_code"] == status
