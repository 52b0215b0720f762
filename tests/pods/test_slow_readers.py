"""Large pictures of the past hold no connection to the database, and no placement up."""

import gzip
import json
import random
import socket
import urllib.request
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from hashlib import sha256
from urllib.error import HTTPError

import psycopg
import pytest

from pixelsite.conf.database import MIN_REQUEST_CONNECTIONS, POD_CONNECTIONS
from tests.pods.conftest import StartPods
from tests.support.processes import ServerProcess

pytestmark = [pytest.mark.pods, pytest.mark.postgres]

SIDE = 4096
READERS = 6  # more than requests have connections to the database
PICTURES = 9  # asked for at once
SECONDS = 60
OTHER = """
INSERT INTO canvas_canvas
    (slug, width, height, palette, epoch, seq, frozen, protected, retired, redacted, created_at)
SELECT 'other', 1000, 100, palette, epoch + 1, 0, false, '[]', '[]', '[]', now()
FROM canvas_canvas
"""


def enlarge(database_url: str, side: int = SIDE) -> None:
    """Give the canvas the largest board there may be, at random, which packs worst."""
    colors = bytes(number % 32 for number in range(256))
    cells = bytearray(random.randbytes(side * side).translate(colors))
    cells[side + 1] = 0  # where a pixel of another colour is drawn
    packed = gzip.compress(cells, compresslevel=1)
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE canvas_canvas SET width = %s, height = %s", [side, side])
        connection.execute(
            "INSERT INTO canvas_keyframe"
            " (canvas_id, seq, revision, width, height, sha256, size, cells)"
            " SELECT id, 0, revision, width, height, %s, %s, %s FROM canvas_canvas",
            [sha256(cells).hexdigest(), len(packed), packed],
        )


def ask(pod: ServerProcess, running: ExitStack) -> int:
    """Ask for a picture, read its head and nothing more; return the status."""
    reader = running.enter_context(socket.socket())
    reader.settimeout(SECONDS)
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # before, or it takes megabytes
    reader.connect(("127.0.0.1", pod.port))
    reader.sendall(b"GET /api/canvas/board.png?seq=0 HTTP/1.1\r\nHost: localhost\r\n\r\n")
    head = reader.recv(15)
    return int(head.split()[1])


def test_others_are_answered_all_the_same(start_pods: StartPods, database_url: str) -> None:
    enlarge(database_url)
    (pod,) = start_pods(1, DATABASE_CONNECTIONS=str(POD_CONNECTIONS + MIN_REQUEST_CONNECTIONS))
    with ExitStack() as running:
        statuses = [ask(pod, running) for _ in range(READERS)]
        assert set(statuses) <= {200, 503}  # how many fit is tested in tests/edges/test_pictures.py
        assert statuses.count(200) >= MIN_REQUEST_CONNECTIONS
        for x in range(MIN_REQUEST_CONNECTIONS):
            with urllib.request.urlopen(
                f"{pod.base_url}/api/pixel?x={x}&y=1", timeout=SECONDS
            ) as answer:
                assert answer.status == 200
        assert place(pod, 1) == 200


def place(pod: ServerProcess, x: int, canvas: str = "main") -> int:
    """Place a pixel; return the status."""
    body = json.dumps({"canvas": canvas, "x": x, "y": 1, "color": "#FF0000"}).encode()
    headers = {"Content-Type": "application/json"}
    address = f"{pod.base_url}/api/pixel"
    return status(urllib.request.Request(address, body, headers, method="PUT"))


def status(request: str | urllib.request.Request) -> int:
    """Send a request and read its answer to the end; return the status."""
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            answer.read()
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code


def test_pictures_at_once_hold_up_no_placement_on_another_canvas(
    start_pods: StartPods, database_url: str
) -> None:
    """Each is another picture, so that none is answered by the work for one before."""
    enlarge(database_url, SIDE // 2)
    with psycopg.connect(database_url) as connection:
        connection.execute(OTHER)
    (pod,) = start_pods(1, DATABASE_CONNECTIONS=str(POD_CONNECTIONS + MIN_REQUEST_CONNECTIONS))
    pictures = f"{pod.base_url}/api/canvas/board.png?seq=0&x="
    with ThreadPoolExecutor(PICTURES) as people:
        asked = [people.submit(status, f"{pictures}{x}") for x in range(PICTURES)]
        placed: list[int] = []
        while not all(map(Future.done, asked)):
            placed.append(place(pod, len(placed), "other"))
        statuses = [each.result() for each in asked]
    assert set(placed) == {200}, f"{placed} while pictures were {statuses}"
    assert len(placed) > PICTURES, "they do not queue behind the pictures"
    assert set(statuses) <= {200, 503}
    assert 200 in statuses
