"""A process that carries out a revert is killed: the next one goes on, nothing is lost."""

import os
import subprocess
import time

import psycopg
import pytest

from tests.support.processes import MANAGE, ROOT

CELLS = 12_000
BEGIN = """
from django.contrib.auth.models import User
from canvas.domain.area import Area
from moderation.acts.revert import revert
from moderation.plans.plan import EVERYWHERE
from moderation.plans.restoration import Restoration
mo = User.objects.create_superuser("mo")
revert(mo, "main", Restoration(("guest:bad",), EVERYWHERE, 0, 10**9), "vandalism")
"""
DRAW = f"""
INSERT INTO canvas_placement (canvas_id, seq, x, y, color, actor, username, placed_at)
SELECT c.id, n, n % 1000, n / 1000, 5, 'guest:bad', 'Bad', now()
FROM canvas_canvas c, generate_series(1, {CELLS}) n WHERE c.slug = 'main';
UPDATE canvas_canvas SET seq = {CELLS} WHERE slug = 'main';
"""

pytestmark = pytest.mark.pods


def test_the_next_process_goes_on_with_it(database_url: str) -> None:
    environment = os.environ | {"DATABASE_URL": database_url}

    def manage(*command: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([*MANAGE, *command], cwd=ROOT, env=environment)

    with psycopg.connect(database_url, autocommit=True) as database:

        def written() -> int:
            row = database.execute("SELECT written FROM moderation_operation").fetchone()
            return int(row[0]) if row else 0

        database.execute(DRAW)
        assert manage("shell", "-c", BEGIN).wait() == 0
        doomed = manage("run_operations")
        while written() == 0:
            assert doomed.poll() is None
            time.sleep(0.005)
        doomed.kill()
        doomed.wait()
        assert 0 < written() < CELLS
        drawn = database.execute("SELECT max(seq) - %s FROM canvas_placement", [CELLS]).fetchone()
        assert drawn == (written(),)
        assert manage("run_operations").wait() == 0
        assert written() == CELLS
        state = database.execute("SELECT state FROM moderation_operation").fetchone()
        assert state == ("done",)
    assert manage("verify_canvas").wait() == 0
