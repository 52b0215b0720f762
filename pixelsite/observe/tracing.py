"""Traces by OpenTelemetry: an extra, imported only where a collector is named.

The spans are our own and few. The ready-made instrumentations put addresses, user agents,
queries and exceptions' texts into theirs, and make one for each frame of a socket. Here a span
says what was done, how it ended, and under which number the log has it.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import Thread
from typing import Any

from django.conf import settings
from django.urls import Resolver404, resolve
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, Span, SpanContext, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from pixelsite.observe.request_ids import NO_ROUTE, serving
from runtime import spans

PATIENCE = 3.0  # seconds for the last spans when the pod stops; one that hangs gets no more
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
PROBES = {"/healthz", "/readyz"}
PARENT = b"traceparent"

Scope = dict[str, Any]

_ours = {"service.name": "pixelsite", "service.instance.id": settings.POD_ID}
_provider = TracerProvider(  # OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES have the last word
    resource=Resource.create(_ours).merge(OTELResourceDetector().detect()),
    shutdown_on_exit=False,
)
_tracer = _provider.get_tracer("pixelsite")
_propagator = TraceContextTextMapPropagator()


class Tracer:
    """Spans of what is done for many requests at once."""

    def current(self) -> SpanContext | None:
        context = trace.get_current_span().get_span_context()
        return context if context.is_valid else None

    @contextmanager
    def linked_span(
        self, name: str, origins: Iterable[SpanContext], **attributes: int | str
    ) -> Iterator[None]:
        with _span(name, attributes, links=[Link(each) for each in origins]):
            yield


def start() -> None:
    exporter = OTLPSpanExporter(settings.TRACES_ENDPOINT)
    _provider.add_span_processor(BatchSpanProcessor(exporter))
    spans.tracer.set(Tracer())


def stop() -> None:
    """Send what is left. In a thread of its own, because the SDK waits half a minute."""
    spans.tracer.reset()
    last = Thread(target=_provider.shutdown, daemon=True)
    last.start()
    last.join(PATIENCE)


def of_requests(application: Any) -> Any:
    """A span for each HTTP request."""

    async def serve(scope: Scope, receive: Any, send: Any) -> None:
        if scope["path"] in PROBES:
            await application(scope, receive, send)
        else:
            await _request(application, scope, receive, send)

    return serve


def of_connects(application: Any) -> Any:
    """A span for each socket until it is admitted or turned away.

    Not the current span, and none of the stay: what a socket does later is no part of it.
    """

    async def serve(scope: Scope, receive: Any, send: Any) -> Any:
        attributes = _prefixed(serving())
        span = _tracer.start_span("websocket connect", _parent(scope), SpanKind.SERVER, attributes)
        stay = None
        try:
            stay = await application(scope, receive, send)
        finally:
            span.set_attribute("pixelsite.admitted", stay is not None)
            span.end()
        return stay

    return serve


async def _request(application: Any, scope: Scope, receive: Any, send: Any) -> None:
    method = scope["method"] if scope["method"] in METHODS else "_OTHER"
    route = _route(scope["path"])
    named = {"http.request.method": method, "http.route": route}
    with _span(f"{method} {route}", serving(), _parent(scope), SpanKind.SERVER) as span:
        span.set_attributes(named)

        async def answer(message: Mapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                span.set_attribute("http.response.status_code", message["status"])
                if message["status"] >= 500:
                    span.set_status(StatusCode.ERROR)
            await send(message)

        await application(scope, receive, answer)


@contextmanager
def _span(
    name: str,
    attributes: Mapping[str, int | str],
    parent: Context | None = None,
    kind: SpanKind = SpanKind.INTERNAL,
    links: Iterable[Link] = (),
) -> Iterator[Span]:
    """A root without a parent, whatever is the current span. A fault is told by its type."""
    with _tracer.start_as_current_span(
        name,
        parent or Context(),
        kind,
        _prefixed(attributes),
        list(links),
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            yield span
        except BaseException as error:
            span.set_attribute("error.type", type(error).__qualname__)
            span.set_status(StatusCode.ERROR)
            raise


def _prefixed(attributes: Mapping[str, int | str]) -> dict[str, int | str]:
    return {f"pixelsite.{name}": value for name, value in attributes.items()}


def _parent(scope: Scope) -> Context:
    """The trace that a proxy of ours began. Anybody else could join his requests to others'."""
    given = dict(scope["headers"]).get(PARENT) if settings.TRUSTED_PROXIES else None
    if not given:
        return Context()
    return _propagator.extract({PARENT.decode(): given.decode("latin-1")}, Context())


def _route(path: str) -> str:
    """The pattern, because a path may carry a token."""
    try:
        return f"/{resolve(path).route}"
    except Resolver404:
        return NO_ROUTE
