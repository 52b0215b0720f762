"""Spans of work that a pod does for many requests at once. By default none are recorded."""

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol

from runtime.process_var import ProcessVar


class Tracer(Protocol):
    """A maker of spans; `pixelsite.observe.tracing` has one for OpenTelemetry."""

    def current(self) -> Any:
        """Return the context of the request that is served now; None without one."""

    def linked_span(
        self, name: str, origins: Iterable[Any], **attributes: int | str
    ) -> AbstractContextManager[None]:
        """Open a root span around a block, linked to the requests (`origins`) that it serves."""


class NoTracer:
    """A tracer that records nothing."""

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
