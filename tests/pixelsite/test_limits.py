"""docs/limits.md has every bound of the code, with its value, its metric and its test."""

import ast
import re
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from typing import NamedTuple

import pytest

from tests.pixelsite.test_metrics import documented
from tests.support.processes import ROOT

# What has to have a line: the constants of these names in the folders that wait, grow or are read.
BOUND = re.compile(r"^MAX_|TIMEOUT$|^PATIENCE$|WAITING$|^LINGER$|^MIN_RATE$|^RESERVE$|AT_ONCE$")
FOLDERS = (
    *("accounts", "blueprints", "moderation", "history", "pixelsite", "presence", "runtime"),
    *(f"canvas/{folder}" for folder in ("domain", "protocol", "ledger", "pod", "ws", "http")),
)
ROW = re.compile(r"^\| (.+?) \| `([\w.]+)` \| (.+?) \| (.+?) \| (.+?) \| `(.+?)` \|$", re.MULTILINE)
UNITS = {"": 1.0, " s": 1.0, " min": 60.0, " ms": 0.001, " KiB": 1024.0, " MiB": 1024.0**2}


class Limit(NamedTuple):
    what: str
    bound: str
    value: str
    metric: str
    beyond: str
    test: str


LIMITS = [Limit(*row) for row in ROW.findall((ROOT / "docs/limits.md").read_text())]


def bounds_of_the_code() -> Iterator[str]:
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).rglob("*.py")):
            module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
            for node in ast.parse(file.read_text()).body:
                if isinstance(node, ast.Assign):
                    names = [each.id for each in node.targets if isinstance(each, ast.Name)]
                    yield from (f"{module}.{name}" for name in names if BOUND.search(name))


@pytest.mark.slow
def test_every_bound_has_a_line_and_each_only_one() -> None:
    listed = [limit.bound for limit in LIMITS]
    assert sorted(set(listed)) == sorted(listed)
    assert set(bounds_of_the_code()) - set(listed) == set()


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.bound)
def test_a_line_says_what_the_code_does(limit: Limit) -> None:
    module, _, name = limit.bound.rpartition(".")
    number, unit = re.fullmatch(r"([\d,.]+)(.*)", limit.value).groups()  # type: ignore[union-attr]
    bound = vars(import_module(module))[name]
    seconds = bound.total_seconds() if isinstance(bound, timedelta) else bound
    assert float(number.replace(",", "")) * UNITS[unit] == seconds
    metrics = documented()
    names = re.findall(r"`(\w+)`", limit.metric)
    assert names or limit.metric == "–"
    assert {each.removesuffix("_total") for each in names} <= {
        each.removesuffix("_total") for each in metrics
    }
    assert (ROOT / limit.test).exists(), limit.test
