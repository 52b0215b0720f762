"""A variable of the process: set once at the start, and read from any module."""

from typing import Generic, TypeVar

Value = TypeVar("Value")


class ProcessVar(Generic[Value]):
    """One value for the whole process, as a ContextVar is for one context."""

    __slots__ = ("_default", "_value")

    def __init__(self, default: Value) -> None:
        self._default = self._value = default

    def get(self) -> Value:
        return self._value

    def set(self, value: Value) -> None:
        self._value = value

    def reset(self) -> None:
        """Go back to the default."""
        self._value = self._default
