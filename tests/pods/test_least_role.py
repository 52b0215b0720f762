"""A site whose pods have the least role: all that people, moderators and operators do works."""

import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.pods.conftest import StartPods
from tests.support.processes import POD_ROLE, ServerProcess, as_pod, manage
from tests.support.redis import RedisServer

pytestmark = pytest.mark.pods

PASSWORD = "correct horse battery"
SECONDS = 30
REASON = {"reason": "why not"}
SEALED = 70_000  # placements: more than a segment
PAST = f"""
INSERT INTO canvas_placement (canvas_id, seq, x, y, color, actor, username, placed_at, program)
SELECT id, n, n % 100, n / 100 % 100, n % 5, 'guest:00000000deadbeef', 'Bad', now(), false
FROM canvas_canvas, generate_series(1, {SEALED}) AS n WHERE slug = 'main'
"""
BEFORE = f"""
from django.core.management import call_command
from django.contrib.auth.models import User
call_command("migrate", check=True)
call_command("seal")
User.objects.create_superuser("root", password="{PASSWORD}")
"""
AFTER = """
from django.core.management import call_command
call_command("backup", "{}", names=True, accounts=True)
call_command("verify_canvas", full=True)
"""


class Person(httpx.Client):
    """A person in a browser."""

    def send_form(self, path: str, fields: Mapping[str, str], status: int = 302) -> None:
        """Send a form; fail unless it is taken."""
        self.get(path)
        answer = self.post(path, data={"csrfmiddlewaretoken": self.token, **fields})
        assert answer.status_code == status, answer.text

    @property
    def token(self) -> str:
        return self.cookies["csrftoken"]


def person(pod: ServerProcess) -> Person:
    return Person(base_url=pod.base_url, headers={"referer": pod.base_url}, timeout=30)


def test_the_whole_product_works(
    start_pods: StartPods, redis: RedisServer, database_url: str, tmp_path: Path
) -> None:
    with psycopg.connect(database_url) as owner:
        owner.execute(PAST)
        owner.execute("UPDATE canvas_canvas SET seq = %s", [SEALED])
        (main,) = owner.execute("SELECT id FROM canvas_canvas").fetchone() or ()
    role = {"DATABASE_URL": as_pod(database_url)}
    assert f"//{POD_ROLE}@" in role["DATABASE_URL"]
    manage("shell", "-c", BEFORE, environment=role)
    (pod,) = start_pods(1, redis.url, GUESTS_ALLOWED="0")

    def color() -> str:
        answer: str = httpx.get(f"{pod.base_url}/api/pixel?x=5&y=6").json()["color"]
        return answer

    with person(pod) as ann, person(pod) as root:
        passwords = {"password1": PASSWORD, "password2": PASSWORD}
        ann.send_form("/accounts/signup/", {"username": "ann", **passwords})
        before = color()
        pixel = {"x": 5, "y": 6, "color": "#FF0000" if before != "#FF0000" else "#FFFFFF"}
        placed = ann.put("/api/pixel", json=pixel, headers={"x-csrftoken": ann.token})
        assert placed.status_code == 200, placed.text
        ann.send_form("/accounts/tokens/", {"name": "a program", "scopes": "place"}, 200)

        said = {"username": "root", "password": PASSWORD, "next": "/admin/"}
        root.send_form("/admin/login/", said)
        acts = "/admin/moderation/operation"
        area = {"x": "5", "y": "6", "width": "1", "height": "1", "people": "ann"}
        root.send_form(f"{acts}/canvas/main/revert/", {**area, **REASON, "confirm": "1"})
        until(lambda: color() == before)
        form = root.get(f"/admin/canvas/canvas/{main}/change/").text
        values = dict(re.findall(r'<input [^>]*name="(\w+)" value="([^"]*)"', form))
        palette = re.search(r"<textarea[^>]*>\s*([^<]*)</textarea>", form)
        assert palette
        values |= {"palette": palette[1], "width": "900", **REASON}
        root.send_form(f"/admin/canvas/canvas/{main}/change/", values)
        assert httpx.get(f"{pod.base_url}/api/canvas").json()["width"] == 900
        root.send_form(f"{acts}/ban/", {"network": "203.0.113.7", **REASON})

        ann.send_form("/accounts/delete/", {"password": PASSWORD})
        until(lambda: "ann" not in names(database_url))
    assert pod.stop() == 0
    assert "permission denied" not in pod.output()
    manage("shell", "-c", AFTER.format(tmp_path / "backup"), environment=role)


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def names(database_url: str) -> set[str]:
    with psycopg.connect(database_url) as owner:
        return {name for (name,) in owner.execute("SELECT username FROM canvas_placement")}
