"""Spans of what a pod does for many at once, for whoever traces it: by default nobody."""

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol


class Tracer(Protocol):
    def here(self) -> Any:
        """The request that this is done for; None where it is none, or is not traced."""

    def apart(
        self, name: str, origins: Iterable[Any], **attributes: int | str
    ) -> AbstractContextManager[None]:
        """A span of its own around a block, linked with the requests that it serves."""


class Nobody:
    def here(self) -> None:
        return None

    def apart(
        self, name: str, origins: Iterable[Any], **attributes: int | str
    ) -> AbstractContextManager[None]:
        return nullcontext()


_tracer: Tracer = Nobody()


def install(tracer: Tracer) -> None:
    """Make this the tracer of the process."""
    global _tracer
    _tracer = tracer


def here() -> Any:
    return _tracer.here()


def apart(
    name: str, origins: Iterable[Any] = (), **attributes: int | str
) -> AbstractContextManager[None]:
    return _tracer.apart(name, origins, **attributes)
