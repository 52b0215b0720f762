"""Readers that take nothing of large pictures hold no connection to the database."""

import gzip
import json
import random
import socket
import urllib.request
from contextlib import ExitStack
from hashlib import sha256

import psycopg
import pytest

from pixelsite.conf.database import MIN_REQUEST_CONNECTIONS, POD_CONNECTIONS
from tests.pods.conftest import StartPods
from tests.support.processes import ServerProcess

pytestmark = [pytest.mark.pods, pytest.mark.postgres]

SIDE = 4096
READERS = 6  # more than requests have connections to the database
SECONDS = 60


def enlarge(database_url: str) -> None:
    """Give the canvas the largest board there may be, at random, which packs worst."""
    colors = bytes(number % 32 for number in range(256))
    cells = bytearray(random.randbytes(SIDE * SIDE).translate(colors))
    cells[SIDE + 1] = 0  # where a pixel of another colour is drawn
    packed = gzip.compress(cells, compresslevel=1)
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE canvas_canvas SET width = %s, height = %s", [SIDE, SIDE])
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
        body = json.dumps({"x": 1, "y": 1, "color": "#FF0000"}).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{pod.base_url}/api/pixel", body, headers, method="PUT")
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            assert answer.status == 200
