"""A variable of the process: what is installed at start and found from everywhere after."""

from typing import Generic, TypeVar

Value = TypeVar("Value")


class ProcessVar(Generic[Value]):
    """Holds one value for the whole process, as a ContextVar does for one context."""

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
