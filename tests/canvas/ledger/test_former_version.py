"""A database of the former version is migrated and sealed, and all of its past holds."""

from collections.abc import Callable

import psycopg
import pytest

from tests.canvas.helpers import ON_SQLITE
from tests.support.processes import manage

PLACEMENTS = 140_000  # two segments and a part of one

pytestmark = pytest.mark.skipif(ON_SQLITE, reason="the former version was deployed on PostgreSQL")

FILL = f"""
INSERT INTO canvas_placement (canvas_id, seq, x, y, color, actor, username, placed_at)
SELECT canvas_canvas.id, n, n * 7919 %% 1000, n * 541 %% 1000, n * 31 %% 32,
       'user:' || n %% 50, 'user-' || n %% 50,
       now() - interval '1 day' + n * interval '400 ms'
FROM canvas_canvas, generate_series(1, {PLACEMENTS}) AS n WHERE slug = 'main'
"""
FORGED = """
INSERT INTO canvas_snapshot (canvas_id, epoch, seq, board, created_at)
SELECT id, epoch, seq, %s, now() FROM canvas_canvas
"""


def test_it_is_migrated_sealed_and_whole(new_database: Callable[[], str]) -> None:
    url = new_database()
    environment = {"DATABASE_URL": url}
    manage("migrate", "canvas", "0009", environment=environment)
    with psycopg.connect(url) as database:
        database.execute(FILL, [])
        database.execute("UPDATE canvas_canvas SET seq = %s", [PLACEMENTS])
        database.execute(FORGED, [b"forged"])
    manage("migrate", environment=environment)
    with psycopg.connect(url) as database:
        (gone,) = database.execute("SELECT to_regclass('canvas_snapshot')").fetchone() or ()
        assert gone is None, "it may be forged, and is not read"
        charged = database.execute("SELECT count(*), max(charges) FROM canvas_spentcharges")
        assert charged.fetchone() == (50, 1), "a row for each person who drew lately"
    sealed = manage("seal", environment=environment)
    assert "main: sealed; 131072 rows" in sealed
    told = manage("verify_canvas", "--full", environment=environment)
    assert "segments: 2 equal" in told
    assert f"main: all equal at seq {PLACEMENTS}." in told
