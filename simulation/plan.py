"""The plan of a simulation: all that goes wrong and when, made from one seed."""

import random
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

KINDS = {  # each with the most seconds that it lasts
    "lossy": 8.0,
    "repeats": 8.0,
    "reorders": 8.0,
    "delays": 8.0,
    "forgeries": 8.0,
    "cut": 8.0,
    "redis_down": 6.0,
    "redis_hung": 6.0,
    "redis_emptied": 0.0,
    "database_down": 5.0,
    "database_hung": 9.0,
    "database_slow": 8.0,
    "read_only": 4.0,
    "unsure": 6.0,
    "restore": 0.0,
    "failover": 0.0,
    "kill": 4.0,
    "stop": 4.0,
    "vanish": 0.0,
    "pause": 12.0,
    "disconnect": 0.0,
    "stall": 8.0,
    "hide": 8.0,
    "rules": 0.0,
    "colors": 4.0,
    "freeze": 3.0,
    "resize": 0.0,
    "overwrite": 0.0,
    "expel": 0.0,
    "ban": 6.0,
    "damage": 3.0,
    "seals": 8.0,
    "tips": 0.0,
    "copies": 0.0,
    "held": 6.0,
}


@dataclass(frozen=True)
class Fault:
    """Fault that begins `at` a second and lasts a number of `seconds`.

    `target` chooses the pod or client, `amount`, from 0 to 1, how bad it is.
    """

    kind: str
    at: float
    seconds: float
    target: int
    amount: float

    def __str__(self) -> str:
        return f"{self.kind}({self.target}, {self.amount}) at {self.at} for {self.seconds}"


@dataclass(frozen=True)
class Plan:
    """A simulation. `small` has all bounds of the product so small that they are reached.

    `cooldown` is in ms; `posts` is the share of the orders that come by HTTP.
    """

    seed: int
    pods: int
    clients: int
    seconds: float
    pace: float
    small: bool
    together: bool
    faults: tuple[Fault, ...]
    canvases: int = 1
    cooldown: int = 0
    posts: float = 0.0

    @classmethod
    def of(cls, seed: int) -> Self:
        chance = random.Random(f"plan {seed}")
        seconds = float(chance.randint(15, 45))
        kinds = chance.sample(sorted(KINDS), chance.randint(1, 8))
        faults = [
            _fault(chance, chance.choice(kinds), seconds) for _ in range(chance.randint(0, 14))
        ]
        return cls(
            seed=seed,
            pods=chance.choice([2, 3, 5, 5]),
            clients=chance.randint(3, 14),
            seconds=seconds,
            pace=chance.choice([0.3, 1.0, 3.0]),
            small=chance.random() < 0.7,
            together=chance.random() < 0.5,
            faults=tuple(sorted(faults, key=lambda fault: fault.at)),
            canvases=chance.choice([1, 1, 2, 3]),
            cooldown=chance.choice([0, 0, 300, 2_000]),
            posts=chance.choice([0.0, 0.0, 0.2, 0.7]),
        )

    @classmethod
    def read(cls, fields: dict[str, Any]) -> Self:
        faults = tuple(Fault(**fault) for fault in fields["faults"])
        return cls(**{**fields, "faults": faults})

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def without(self, *faults: Fault) -> Self:
        return replace(self, faults=tuple(each for each in self.faults if each not in faults))


def _fault(chance: random.Random, kind: str, seconds: float) -> Fault:
    return Fault(
        kind,
        at=round(chance.uniform(1, seconds - 1), 2),
        seconds=round(chance.uniform(0.1, KINDS[kind]), 2) if KINDS[kind] else 0.0,
        target=chance.randrange(1_000),
        amount=round(chance.random(), 3),
    )
