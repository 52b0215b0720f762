"""Spans of what a pod does for many requests at once. By default nothing traces them."""

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol

from runtime.process_var import ProcessVar


class Tracer(Protocol):
    """Makes spans; `pixelsite.observe.tracing` does so by OpenTelemetry."""

    def current(self) -> Any:
        """Return the context of the request that is served now; None without one."""

    def linked_span(
        self, name: str, origins: Iterable[Any], **attributes: int | str
    ) -> AbstractContextManager[None]:
        """Open a span of its own around a block, linked with the requests that it serves."""


class NoTracer:
    """Makes no spans."""

    def current(self) -> None:
        return None

    def linked_span(
        self, name: str, origins: Iterable[Any], **attributes: int | str
    ) -> AbstractContextManager[None]:
        return nullcontext()


tracer: ProcessVar[Tracer] = ProcessVar(NoTracer())


def current() -> Any:
    return tracer.get().current()


def linked_span(
    name: str, origins: Iterable[Any] = (), **attributes: int | str
) -> AbstractContextManager[None]:
    return tracer.get().linked_span(name, origins, **attributes)
