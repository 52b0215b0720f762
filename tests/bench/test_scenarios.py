"""The scenarios of the bench, whose process is no pod."""

import subprocess
import sys

import pytest

from bench.__main__ import NAMES
from tests.support.processes import ROOT

IMPORT_ALL = """
import os, sys
from importlib import import_module
from bench.__main__ import set_up_django
former = dict(os.environ)
set_up_django()
assert os.environ == former, "gateways would get these"
for name in sys.argv[1:]:
    import_module(f"bench.scenarios.{name}")
"""


@pytest.mark.slow
def test_every_scenario_can_be_imported() -> None:
    command = [sys.executable, "-c", IMPORT_ALL, *NAMES]
    result = subprocess.run(command, cwd=ROOT, env={"PATH": ""}, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
