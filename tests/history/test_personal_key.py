"""`GET /api/history/key`: each person is told their own key of an export, and nobody else's."""

import json
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client

from canvas import services
from canvas.models import Canvas
from history.datasets.pxls import own_lines
from tests.canvas.helpers import ALICE, BOB, order
from tests.history.conftest import run
from tests.history.test_privacy import lines_of

pytestmark = pytest.mark.both_databases


def test_a_person_is_told_the_key_of_their_own_lines(main: Canvas, tmp_path: Path) -> None:
    services.place("main", [order(1, 1), order(2, 2, person=BOB), order(3, 3)])
    run("export_dataset", "main", tmp_path / "out", format="pxls")
    export = json.loads((tmp_path / "out/manifest.json").read_text())["export"]
    log = [line.encode() for line in lines_of(tmp_path / "out")]
    for person, seqs in ((ALICE, [1, 3]), (BOB, [2])):
        client = Client()
        client.force_login(User.objects.get(pk=person.id.removeprefix("user:")))
        answer = client.get("/api/history/key", {"export": export})
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "no-store"
        assert own_lines(log, answer.json()["key"].encode()) == seqs
    guest = Client().get("/api/history/key", {"export": export}).json()["key"]
    assert own_lines(log, guest.encode()) == []


@pytest.mark.parametrize("export", ["", "short", "x" * 17, "../../etc/passwd", "äöü" * 5 + "x"])
def test_something_else_is_refused(main: Canvas, export: str) -> None:
    answer = Client().get("/api/history/key", {"export": export})
    assert (answer.status_code, answer.json()["code"]) == (400, "export_invalid")
