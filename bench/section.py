"""Sections of the report, which the scenarios return."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Claim:
    """A target of the project, and whether this run reached it."""

    what: str
    target: str
    reached: str
    met: bool


@dataclass(frozen=True)
class Chart:
    """A chart of lines, each a name and its points (x, y), with logarithmic axes.

    `name` is that of the file, without its suffix.
    """

    name: str
    title: str
    x: str
    y: str
    lines: dict[str, Sequence[tuple[float, float]]]


@dataclass(frozen=True)
class Bars:
    """A chart of bars (name, value) in groups; names that begin with `ours` stand out."""

    name: str
    title: str
    ours: str
    groups: Mapping[str, Sequence[tuple[str, float]]]


@dataclass
class Section:
    """The result of one scenario: a text, a table, claims, charts and notes."""

    title: str
    text: str
    header: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    claims: Sequence[Claim] = ()
    charts: Sequence[Chart | Bars] = ()
    notes: Sequence[str] = field(default_factory=list)
