"""The scenarios of the bench, which run in a process without Django."""

import subprocess
import sys

import pytest

from accounts.names import GUEST
from bench.__main__ import NAMES
from bench.scenarios import presence
from tests.support.processes import ROOT


@pytest.mark.slow
def test_every_scenario_is_imported_without_django() -> None:
    code = "from importlib import import_module\nfor name in %r: import_module(f'bench.scenarios.{name}')"
    result = subprocess.run(
        [sys.executable, "-c", code % list(NAMES)],
        cwd=ROOT,
        env={"PATH": ""},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr


def test_guests_have_the_names_that_accounts_gives_them() -> None:
    assert presence.GUEST == GUEST
