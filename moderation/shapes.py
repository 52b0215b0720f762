"""The JSON that an operation keeps in `before` and `after`, as far as acts share it.

`before` and `after` of an operation that changed something hold the same keys: an undo swaps
them. An act whose JSON has another shape defines it beside itself, as a TypedDict.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias, TypedDict

Value: TypeAlias = "bool | int | str | Sequence[Value] | None"
Rules: TypeAlias = Mapping[str, Value]  # rules of a canvas, by the names of the fields of Canvas


class BlueprintState(TypedDict):
    """A blueprint before it was hidden or shown, or after; an undo puts `hidden` back."""

    blueprint: str  # its id
    title: str
    owner: str
    hidden: bool


class Drawn(TypedDict):
    """The end of the ledger before an operation drew, or after. Rules stand beside it, if any."""

    seq: int
