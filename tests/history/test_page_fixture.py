"""The past that the page's modules are tested with is what the server would send today."""

import json
from pathlib import Path

from tests.history.page_fixture import fixture

FILE = Path(__file__).parents[1] / "js" / "history" / "past.json"


def test_it_is_what_the_code_makes_today() -> None:
    assert json.loads(FILE.read_text()) == fixture()
