"""A pod is killed while it carries out a revert: another finishes it, and no cell is wrong."""

import time
from typing import Any

import httpx
import psycopg
import pytest

from tests.pods.conftest import StartPods
from tests.pods.drawing import verify
from tests.support.processes import manage
from tests.support.redis import RedisServer

pytestmark = pytest.mark.pods

WIDTH = 1000  # of the canvas that the migrations make
PLACEMENTS = 20_000  # of the vandal, on as many cells
EARLIER = range(0, 3000, 3)  # cells where an artist had drawn, in colour 7
LATER = range(0, 3000, 5)  # cells where an artist has drawn since, in colour 9
DRAW = """
INSERT INTO canvas_placement (canvas_id, seq, x, y, color, actor, username, placed_at)
SELECT c.id, %(after)s + row_number() OVER (), n %% 1000, n / 1000, %(color)s, %(actor)s, 'x', now()
FROM canvas_canvas c, unnest(%(cells)s::int[]) n WHERE c.slug = 'main'
"""
BEGIN = """
from django.contrib.auth.models import User
from moderation.acts.revert import revert
from moderation.plans.plan import EVERYWHERE
from moderation.plans.restoration import Restoration
plan = Restoration(("guest:bad",), EVERYWHERE, 0, 10**9)
revert(User.objects.create_superuser("mo"), "main", plan, "vandalism")
"""


def seed(database: psycopg.Connection) -> None:
    seq = 0
    for actor, color, cells in (
        ("guest:artist", 7, EARLIER),
        ("guest:bad", 5, range(PLACEMENTS)),
        ("guest:artist", 9, LATER),
    ):
        drawn = {"after": seq, "color": color, "actor": actor, "cells": list(cells)}
        database.execute(DRAW, drawn)
        seq += len(cells)
    database.execute("UPDATE canvas_canvas SET seq = %s WHERE slug = 'main'", [seq])


def expected() -> bytes:
    board = bytearray(WIDTH * WIDTH)
    for color, cells in ((7, EARLIER), (9, LATER)):
        for cell in cells:
            board[cell] = color
    return bytes(board)


def test_the_board_is_as_if_nothing_had_been_killed(
    start_pods: StartPods, redis: RedisServer, database_url: str
) -> None:
    with psycopg.connect(database_url, autocommit=True) as database:

        def progress(column: str) -> Any:
            row = database.execute(f"SELECT {column} FROM moderation_operation").fetchone()
            return row and row[0]

        seed(database)
        doomed, other = start_pods(2, redis.url)
        other.pause()  # so that the doomed one carries it out
        manage("shell", "-c", BEGIN, environment={"DATABASE_URL": database_url})
        deadline = time.monotonic() + 60
        while progress("looked_at") < PLACEMENTS // 4:
            assert time.monotonic() < deadline
            time.sleep(0.005)
        doomed.kill()
        other.resume()
        assert progress("state") == "running", "it was killed in the middle"
        while progress("state") == "running":
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert (progress("state"), progress("looked_at")) == ("done", PLACEMENTS)
        assert progress("written") == PLACEMENTS - len(LATER)
        drawn = "SELECT count(*) FROM canvas_placement WHERE actor LIKE 'operation:%'"
        assert database.execute(drawn).fetchone() == (PLACEMENTS - len(LATER),)
    verify(database_url, [other])
    assert httpx.get(f"{other.base_url}/api/canvas/board").content == expected()
