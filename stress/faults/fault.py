"""A fault, and a family of those that are tried on one site."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from stress.site import Parts, Site

Act = Callable[[Site], Awaitable[None]]

BOUND = 5.0  # seconds until all is whole again
SILENT_BOUND = 20.0  # seconds: nothing tells of a line that swallows, so deadlines must run out


@dataclass(frozen=True)
class Fault:
    """Fault of a part of the site.

    `done` and `heals` say in words what `strike` and `heal` do. Without `heal` the pods have to
    get over it by themselves, and the time until all is whole again runs from the strike.
    `prepare` and `restore` make the site ready before and after, untimed.
    """

    name: str
    done: str
    heals: str
    strike: Act
    heal: Act | None = None
    bound: float = BOUND
    holds: float = 4.0  # seconds until it is healed
    database_is_up: bool = True
    prepare: Act | None = None
    restore: Act | None = None


@dataclass(frozen=True)
class Family:
    """Faults on one kind of site. `lacks` says what this machine lacks for them, if anything."""

    name: str
    faults: Sequence[Fault]
    parts: Parts = field(default_factory=Parts)
    lacks: Callable[[], str] = str
