"""Uploads: their size, their turn, and what comes back."""

import threading
from typing import Any

import pytest
from django.test import Client

from blueprints import metrics
from blueprints.http import images, people
from blueprints.pictures import MAX_UPLOAD
from pixelsite.server.body_limits import MAX_BODY, body_limit
from runtime.slots import Slot
from tests.blueprints.helpers import file_of, saved, square, upload
from tests.blueprints.test_pictures import RED, picture


def test_an_upload_tells_size_and_colours(as_ada: Client) -> None:
    answer = upload(as_ada, square((2, 2, 255, 1)).content)
    assert answer.json() == {
        "sha256": square((2, 2, 255, 1)).sha256,
        **{"width": 2, "height": 2, "cells": 3},
        "colors": [
            {"index": 1, "color": "#000000", "cells": 1},
            {"index": 2, "color": "#FF0000", "cells": 2},
        ],
    }


def test_what_it_is_called_does_not_matter(as_ada: Client) -> None:
    data = file_of(picture(RED, RED))
    answer = as_ada.post("/api/blueprints/images", data, content_type="text/html")
    assert answer.status_code == 201


def test_too_many_bytes_are_refused(as_ada: Client) -> None:
    answer = upload(as_ada, bytes(MAX_UPLOAD + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "message_too_large")


def test_the_server_reads_no_more_of_a_body_than_its_path_takes() -> None:
    assert (
        body_limit("/api/blueprints/images") == body_limit("/api/blueprints/import") == MAX_UPLOAD
    )
    assert body_limit("/api/blueprints") == body_limit("/api/blueprints/k3m9xw2a7q") == MAX_BODY


@pytest.mark.parametrize("query", ["?convert=dither", "?convert=", "?canvas=nowhere"])
def test_a_wrong_query_is_refused(as_ada: Client, query: str) -> None:
    assert upload(as_ada, square().content, query).status_code in (400, 404)


@pytest.mark.parametrize("uploads", [120, 0], ids=["limited", "unlimited"])
def test_a_person_sends_so_many_bytes_in_an_hour(
    as_ada: Client, monkeypatch: pytest.MonkeyPatch, settings: Any, uploads: int
) -> None:
    settings.LIMIT_BLUEPRINTS_PER_HOUR = uploads
    monkeypatch.setattr(people, "MAX_SENT", 3 * people.UNIT)
    monkeypatch.setattr(people, "UNIT", 32)  # an image here has some 40 bytes, packed
    assert [upload(as_ada, square().content).status_code for _ in range(2)] == [201, 201]
    monkeypatch.setattr(people, "MAX_SENT", 4 * people.UNIT)
    for path in ("images", "import"):
        data = file_of(picture(RED, RED))
        answer: Any = as_ada.post(f"/api/blueprints/{path}", data, content_type="image/png")
        assert (answer.status_code, answer.json()["code"]) == (429, "limit_reached")


def test_a_network_has_so_many_pictures_made(as_ada: Client, settings: Any) -> None:
    settings.LIMIT_PICTURES_PER_MINUTE = 2
    made = saved(as_ada)
    paths = [f"/api/blueprints/images/{made['image']}.png", f"/t/{made['id']}.png"]
    for path in paths:
        assert as_ada.get(path).status_code == 200
    for path in (*paths, f"/t/{made['id']}.wplace"):
        assert as_ada.get(path).status_code == 429, path
    assert as_ada.get(f"/t/{made['id']}.json").status_code == 200
    assert as_ada.get(f"/api/blueprints/images/{made['image']}").status_code == 200


def test_one_is_decoded_at_a_time_and_the_others_hear_so(
    as_ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = Slot(metrics.decoding_refused, images.busy, 1, 0.05)
    monkeypatch.setattr(images, "reading", slot)
    begun, end = threading.Event(), threading.Event()

    def work() -> None:
        with slot.turn():
            begun.set()
            end.wait()

    worker = threading.Thread(target=work)
    worker.start()
    begun.wait()
    refused: Any = upload(as_ada, square().content)
    end.set()
    worker.join()
    assert (refused.status_code, refused.json()["code"]) == (503, "busy")
    assert upload(as_ada, square().content).status_code == 201
