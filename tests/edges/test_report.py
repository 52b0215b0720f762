"""Reports over HTTP: into the queue, or refused with the reason."""

from typing import Any

import httpx
import pytest

from accounts import bans
from accounts.people import GUEST_COOKIE, new_guest_cookie
from canvas.domain.area import Area
from moderation.filing import OF_NETWORK, OF_PERSON
from moderation.models import Report
from tests.canvas.helpers import HEIGHT, in_thread
from tests.moderation.helpers import VANDAL, draw

GOOD = {"x": 1, "y": 2, "reason": "hate"}


async def test_a_report_names_the_person_who_drew_there(http: httpx.AsyncClient) -> None:
    await in_thread(draw)(VANDAL, (1, 2))
    answer = await http.post("/api/report", json={**GOOD, "text": "look"})
    assert answer.status_code == 201
    report = await Report.objects.aget()
    where = {"width": 1, "height": 1, "seq": 1}
    assert answer.json() == {"id": report.pk, "canvas": "main", **GOOD, **where}
    assert (report.about, report.text, report.state) == (VANDAL.id, "look", "open")
    assert report.reporter.startswith("guest:")


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"x": None}, 400, "x_invalid"),
        ({"x": "1"}, 400, "x_invalid"),
        ({"x": True}, 400, "x_invalid"),
        ({"x": 10**30}, 400, "x_invalid"),
        ({"y": HEIGHT}, 400, "y_out_of_range"),
        ({"y": -1}, 400, "y_out_of_range"),
        ({"width": 0}, 400, "width_out_of_range"),
        ({"width": 129}, 400, "width_out_of_range"),
        ({"width": "2"}, 400, "width_invalid"),
        ({"height": True}, 400, "height_invalid"),
        ({"height": None}, 400, "height_invalid"),
        ({"height": HEIGHT - 1}, 400, "height_out_of_range"),
        ({"reason": None}, 400, "reason_unknown"),
        ({"reason": ["hate"]}, 400, "reason_unknown"),
        ({"reason": "rude"}, 400, "reason_unknown"),
        ({"text": 5}, 400, "text_invalid"),
        ({"text": "x" * 501}, 400, "text_invalid"),
        ({"text": "a\x00b"}, 400, "text_invalid"),
        ({"text": "x" * 5000}, 413, "message_too_large"),
        ({"canvas": "nowhere"}, 404, "canvas_unknown"),
        ({"canvas": 7}, 400, "canvas_invalid"),
        ({"canvas": "'; DROP TABLE moderation_report; --"}, 404, "canvas_unknown"),
    ],
    ids=repr,
)
async def test_a_wrong_report_is_refused(
    http: httpx.AsyncClient, wrong: dict[str, Any], status: int, code: str
) -> None:
    answer = await http.post("/api/report", json={**GOOD, **wrong})
    assert answer.status_code == status
    assert answer.json()["code"] == code
    assert not await Report.objects.aexists()


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff"], ids=repr)
async def test_a_body_that_is_no_object_is_refused(http: httpx.AsyncClient, body: bytes) -> None:
    answer = await http.post("/api/report", content=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "message_invalid")


async def test_too_many_are_refused_with_the_time_to_wait(http: httpx.AsyncClient) -> None:
    for x in range(OF_PERSON):
        assert (await http.post("/api/report", json={**GOOD, "x": x})).status_code == 201
    answer = await http.post("/api/report", json={**GOOD, "x": 30})
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_reports")
    assert int(answer.headers["Retry-After"]) > 0


async def test_a_report_keeps_an_area_and_the_seq_of_then(http: httpx.AsyncClient) -> None:
    await in_thread(draw)(VANDAL, (1, 2), (2, 2))
    answer = await http.post("/api/report", json={**GOOD, "width": 3, "height": 2})
    assert answer.status_code == 201
    report = await Report.objects.aget()
    assert (report.area, report.seq) == (Area(1, 2, 3, 2), 2)


@pytest.mark.slow
async def test_new_cookies_do_not_get_a_network_past_its_limit(http: httpx.AsyncClient) -> None:
    statuses = []
    for _ in range(OF_NETWORK + 1):
        cookie = {"cookie": f"{GUEST_COOKIE}={new_guest_cookie()}"}
        statuses.append((await http.post("/api/report", json=GOOD, headers=cookie)).status_code)
    assert statuses == [201] * OF_NETWORK + [429]


async def test_a_banned_person_reports_nothing(http: httpx.AsyncClient) -> None:
    await in_thread(bans.ban)(network="192.0.2.7", reason="vandalism")
    answer = await http.post("/api/report", json=GOOD)
    assert (answer.status_code, answer.json()["code"]) == (403, "banned")
