"""`make mutate` goes on where it was ended, and tells what has become of each change."""

import os
import subprocess
import sys
import tomllib
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

import pytest

from tests.support.processes import ROOT

FILE = ROOT / "scripts/mutate"
AREA, BOARD = "canvas.domain.area.x_clip__mutmut_", "canvas.domain.board.x_fold__mutmut_"


@pytest.fixture(scope="module")
def mutate() -> Any:
    loader = SourceFileLoader("mutate", str(FILE))
    spec = spec_from_loader("mutate", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


BEFORE: dict[str, int | None] = {
    f"{AREA}1": 1,
    f"{AREA}2": 0,
    f"{BOARD}1": 1,
    f"{BOARD}2": None,
}


@pytest.mark.parametrize(
    ("before", "names", "tried"),
    [
        ({}, [], []),
        ({}, ["canvas.domain.area*"], ["canvas.domain.area*"]),
        (BEFORE, [], []),
        (BEFORE, ["canvas.domain.*"], [f"{BOARD}2"]),
        (BEFORE, ["canvas.domain.area*"], [f"{AREA}2"]),
        (BEFORE | {f"{BOARD}2": 36}, [], [f"{AREA}2"]),
        (BEFORE | {f"{BOARD}2": 2}, ["*"], [f"{BOARD}2"]),
    ],
)
def test_what_is_left_comes_first_and_then_what_was_not_seen(
    mutate: Any, before: dict[str, int | None], names: list[str], tried: list[str]
) -> None:
    assert mutate.patterns(before, names) == tried


def test_a_crash_or_what_was_not_tried_does_not_count_as_seen(
    mutate: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes = {f"{AREA}3": 255, f"{AREA}4": 33, f"{BOARD}3": 36}
    mutate.report(BEFORE | outcomes)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines[1:4]] == [
        ["canvas.domain.area", "4", "1", "0", "1", "1", "1", "0"],
        ["canvas.domain.board", "3", "1", "1", "0", "0", "0", "1"],
        ["all", "7", "2", "1", "1", "1", "1", "1"],
    ]
    assert lines[4:10] == [
        "== not seen: 1",
        f"{AREA}2",
        "== no test: 1",
        f"{AREA}4",
        "== unclear: 1",
        f"{AREA}3",
    ]


def test_it_does_not_say_that_it_ended_where_it_failed(
    mutate: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(mutate, "COPY", tmp_path)
    monkeypatch.setattr(mutate, "ROOT", tmp_path)
    monkeypatch.setattr(mutate, "LOG", tmp_path / "log")
    monkeypatch.setattr(mutate, "MUTMUT", ["sh", "-c", "echo no test found; exit 1"])
    assert mutate.run(60, []) == "FAILED with 1:\nno test found\n"


COLLECT = """
import sys, pytest
class Names:
    def pytest_collection_modifyitems(self, items):
        self.found = [item.nodeid for item in items]
def names():
    plugin = Names()
    pytest.main(["--collect-only", "-qqq", "-p", "no:randomly", *sys.argv[1:]], plugins=[plugin])
    return plugin.found
sys.exit(names() != names())
"""


@pytest.mark.slow
def test_a_second_collection_finds_each_test_by_its_name() -> None:
    """mutmut collects in one process, and asks another for tests by these names."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mutmut"]
    files = settings["pytest_add_cli_args_test_selection"]
    environment = {**os.environ, "DEBUG": "1", "DATABASE_URL": "sqlite://:memory:"}
    command = [sys.executable, "-c", COLLECT, *files]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=60)
    assert ended.returncode == 0, ended.stdout
