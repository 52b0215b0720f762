"""Each codename is spelled once, in `moderation.rights`."""

import re

import pytest

from moderation.rights import Right, Role
from moderation.roles import GROUPS
from tests.support.processes import ROOT

RIGHTS = ROOT / "moderation/rights.py"
FROZEN = ROOT / "moderation/migrations"


@pytest.mark.parametrize("right", Right)
def test_its_codename_stands_nowhere_else(right: Right) -> None:
    files = [
        *(file for file in ROOT.glob("moderation/**/*.py") if FROZEN not in file.parents),
        *ROOT.glob("templates/moderation/*.html"),
    ]
    before = r"""(moderation\.|canvas\.|accounts\.|blueprints\.|["'])"""
    spelled = re.compile(rf"{before}{right.codename}\b")
    assert [file for file in files if spelled.search(file.read_text())] == [RIGHTS]


def test_a_later_role_has_the_rights_of_the_one_before() -> None:
    assert set(GROUPS[Role.MODERATOR]) < set(GROUPS[Role.ADMINISTRATOR])
    assert set(GROUPS) == set(Role)
