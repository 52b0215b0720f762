"""A plan that goes wrong is made smaller, and kept."""

from pathlib import Path

import pytest

from simulation import kept
from simulation.plan import Fault, Plan
from simulation.running import simulate
from simulation.shrinking import shrink
from tests.simulation.test_planted import a_catch_up_that_skips_one

FAULTS = (
    Fault("repeats", 1.0, 3.0, 1, 0.2),
    Fault("lossy", 1.5, 6.0, 0, 0.7),
    Fault("disconnect", 2.0, 0.0, 2, 0.2),
    Fault("database_slow", 3.0, 2.0, 0, 0.1),
)
PLAN = Plan(5, 3, 6, 10.0, 0.5, small=True, together=True, faults=FAULTS)


def test_what_does_not_matter_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    a_catch_up_that_skips_one(monkeypatch)
    small = shrink(simulate(PLAN))
    assert small.wrong
    assert [fault.kind for fault in small.plan.faults] in ([], ["lossy"])
    assert small.plan.clients < PLAN.clients
    assert "WRONG" in "\n".join(small.history)


def test_a_plan_is_kept_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "kept.jsonl"
    kept.keep(PLAN, "nothing", file)
    assert kept.read(file) == [("nothing", PLAN)]


def test_a_seed_is_one_plan() -> None:
    assert Plan.of(7) == Plan.of(7)
    assert Plan.of(7) != Plan.of(8)
    assert len({fault.kind for seed in range(300) for fault in Plan.of(seed).faults}) > 25
