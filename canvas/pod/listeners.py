"""The parts above canvas that listen to messages of their own between pods."""

from collections.abc import Callable, Mapping
from typing import Any

from canvas.protocol.announcement_parser import CANVAS_KINDS

# Takes a message of its type; may raise OtherSite, and ValueError for one that makes no sense.
Listener = Callable[[Mapping[str, Any]], None]


class Listeners:
    """One listener for each type of message that canvas itself does not know."""

    def __init__(self) -> None:
        self._by_type: dict[str, Listener] = {}

    def add(self, kind: str, listener: Listener) -> None:
        """Have the messages of a type go to a listener; raise ValueError where it has one, or where
        they are canvas's own.
        """
        if kind in self._by_type or kind in CANVAS_KINDS:
            raise ValueError(f"another part listens to {kind!r} already")
        self._by_type[kind] = listener

    def hear(self, message: Mapping[str, Any]) -> bool:
        """Hand a message to its listener; return whether it has one."""
        kind = message.get("type")
        listener = self._by_type.get(kind) if isinstance(kind, str) else None
        if listener is not None:
            listener(message)
        return listener is not None
