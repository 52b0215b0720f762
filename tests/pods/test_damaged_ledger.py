"""A row is lost behind the trigger: pods say so, and go on by themselves when it is back."""

import json
import time
import urllib.error
import urllib.request
from typing import Any

import psycopg
import pytest

from tests.pods.conftest import StartPods
from tests.support.processes import ServerProcess

pytestmark = [pytest.mark.pods, pytest.mark.postgres]

LOSE = """
    SET session_replication_role = replica;
    CREATE TABLE lost AS SELECT * FROM canvas_placement WHERE seq = 2;
    DELETE FROM canvas_placement WHERE seq = 2
"""


def put(pod: ServerProcess, x: int) -> tuple[int, Any]:
    body = json.dumps({"x": x, "y": 1, "color": "#FF0000"}).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{pod.base_url}/api/pixel", body, headers, method="PUT")
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def put_until(pod: ServerProcess, status: int) -> Any:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        answered, body = put(pod, 9)
        if answered == status:
            return body
        time.sleep(0.2)
    raise AssertionError(f"{status} was not answered in time")


def board_seq(pod: ServerProcess) -> int:
    with urllib.request.urlopen(f"{pod.base_url}/api/canvas/board") as answer:
        return int(answer.headers["X-Canvas-Seq"])


def test_a_lost_row_stops_placing_until_it_is_back(
    start_pods: StartPods, database_url: str
) -> None:
    (old,) = start_pods(1)
    for x in range(4):
        assert put(old, x)[0] == 200
    with psycopg.connect(database_url, autocommit=True) as hands:
        hands.execute(LOSE)
    (fresh,) = start_pods(1)
    assert put(fresh, 5)[1]["code"] == "damaged"
    assert board_seq(fresh) == 1
    with psycopg.connect(database_url, autocommit=True) as hands:
        hands.execute("INSERT INTO canvas_placement SELECT * FROM lost")
    placed = put_until(fresh, 200)
    assert placed["seq"] == 5
    assert board_seq(fresh) == 5
