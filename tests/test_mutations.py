"""The list of deliberate breaks fits the code: `make mutations` runs it."""

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
BREAKS: list[dict[str, Any]] = tomllib.loads((ROOT / "tests/mutations.toml").read_text())["break"]


@pytest.mark.parametrize("each", BREAKS, ids=lambda each: each["name"])
def test_it_can_be_applied(each: dict[str, Any]) -> None:
    assert (ROOT / each["file"]).read_text().count(each["old"]) == 1
    for test in each["tests"]:
        assert test.startswith("simulate ") or (ROOT / test.partition("::")[0]).exists()


def test_each_law_is_broken_in_three_ways() -> None:
    counts = Counter(each["law"] for each in BREAKS)
    assert sorted(counts) == list(range(1, 10))
    assert min(counts.values()) >= 3
