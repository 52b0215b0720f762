"""Traces by OpenTelemetry: an extra, imported only where a collector is configured.

The spans are our own and few. The ready-made instrumentations put addresses, user agents,
queries and the texts of exceptions into theirs, and make one for each frame of a socket. Here a
span has a name, an outcome, and the id under which the log has the request.
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

from pixelsite.observe.paths import PROBES
from pixelsite.observe.request_ids import NO_ROUTE, serving
from runtime import spans

FLUSH_TIMEOUT = 3.0  # seconds for the last spans when the pod stops and the collector hangs
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
PARENT = b"traceparent"

Scope = dict[str, Any]

_ours = {"service.name": "pixelsite", "service.instance.id": settings.POD_ID}
_provider = TracerProvider(  # OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES override these
    resource=Resource.create(_ours).merge(OTELResourceDetector().detect()),
    shutdown_on_exit=False,
)
_tracer = _provider.get_tracer("pixelsite")
_propagator = TraceContextTextMapPropagator()


class Tracer:
    """A `runtime.spans.Tracer`: spans of work that is done for many requests at once."""

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
    """Send the remaining spans within FLUSH_TIMEOUT.

    It uses a thread, because the SDK itself would wait half a minute.
    """
    spans.tracer.reset()
    flush = Thread(target=_provider.shutdown, daemon=True)
    flush.start()
    flush.join(FLUSH_TIMEOUT)


def trace_requests(application: Any) -> Any:
    """Wrap an ASGI application: make a span for each HTTP request, probes excepted."""

    async def serve(scope: Scope, receive: Any, send: Any) -> None:
        if scope["path"] in PROBES:
            await application(scope, receive, send)
        else:
            await _request(application, scope, receive, send)

    return serve


def trace_connects(application: Any) -> Any:
    """Wrap an ASGI application: make a span for each socket until it is admitted or turned away.

    It is not the current span, so that later work of the socket is no part of it.
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
    """Open a span: a child of `parent`, or a root, but not a child of the current span.

    Of an exception it records the type alone.
    """
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
    """Return the trace that one of our proxies began, or an empty context.

    Without a proxy the header is ignored: a client could join its requests to those of others.
    """
    given = dict(scope["headers"]).get(PARENT) if settings.TRUSTED_PROXIES else None
    if not given:
        return Context()
    return _propagator.extract({PARENT.decode(): given.decode("latin-1")}, Context())


def _route(path: str) -> str:
    """Return the route's pattern, because a path may contain a token."""
    try:
        return f"/{resolve(path).route}"
    except Resolver404:
        return NO_ROUTE
