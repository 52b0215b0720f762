"""The plans that once went wrong: each is carried out again by the tests."""

from pathlib import Path

import orjson

from simulation.plan import Plan

PATH = Path(__file__).parent / "kept.jsonl"


def read(path: Path = PATH) -> list[tuple[str, Plan]]:
    """Return what each of them showed, and the plan."""
    lines = [orjson.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    return [(line["showed"], Plan.read(line["plan"])) for line in lines]


def keep(plan: Plan, showed: str, path: Path = PATH) -> None:
    """Add a plan."""
    with path.open("ab") as file:
        file.write(orjson.dumps({"showed": showed, "plan": plan.as_dict()}) + b"\n")
