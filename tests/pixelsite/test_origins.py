"""A page of another site can have its visitors do nothing here, guests or not."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from canvas.models import Canvas, Placement
from moderation.models import Report
from pixelsite.middleware.origins import is_ours

pytestmark = pytest.mark.usefixtures("static_files")

REPORT = '{"x": 1, "y": 2, "reason": "hate"}'


@pytest.mark.parametrize(
    ("origin", "host", "ours"),
    [
        ("http://localhost:8000", "localhost:8000", True),
        ("https://LOCALHOST", "localhost", True),
        ("http://localhost:8001", "localhost:8000", False),
        ("http://evil.example", "localhost", False),
        ("http://evil.example", "evil.example", False),
        ("http://localhost.evil.example", "localhost", False),
        ("http://localhost@evil.example", "localhost", False),
        ("https://friend.example", "localhost", True),
        ("https://friend.example:8443", "localhost", False),
        ("http://friend.example", "localhost", False),
        ("https://notfriend.example", "localhost", False),
        ("null", "localhost", False),
        ("http://localhost, http://evil.example", "localhost", False),
        ("https://[::1", "localhost", False),
        ("http://localhost:99999", "localhost", False),
        ("http://localhost:port", "localhost", False),
        ("\udcff", "localhost", False),
        ("http://", "", False),
    ],
)
def test_a_page_is_ours_by_scheme_host_and_port(
    origin: str, host: str, ours: bool, settings: Any
) -> None:
    settings.ALLOWED_ORIGINS = ["https://friend.example"]
    assert is_ours(origin, host) is ours


def test_with_https_only_a_page_that_came_in_the_clear_is_not_ours(settings: Any) -> None:
    settings.HTTPS_ONLY = True
    assert not is_ours("http://localhost", "localhost")
    assert is_ours("https://localhost", "localhost")


FOREIGN = [
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "https://[::1"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
]
OURS = [
    {},
    {"origin": "http://localhost"},
    {"sec-fetch-site": "same-origin"},
    {"sec-fetch-site": "none"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=repr)
def test_a_foreign_page_reports_nothing(main: Canvas, headers: dict[str, str]) -> None:
    client = Client(headers={"host": "localhost"})
    answer = client.post("/api/report", REPORT, "text/plain", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")
    assert not Report.objects.exists()


@pytest.mark.parametrize("headers", OURS, ids=repr)
def test_our_page_and_programs_do(main: Canvas, headers: dict[str, str]) -> None:
    client = Client(headers={"host": "localhost"})
    answer = client.post("/api/report", REPORT, "text/plain", headers=headers)
    assert answer.status_code == 201


@pytest.mark.parametrize("headers", FOREIGN, ids=repr)
def test_it_places_nothing_and_logs_nobody_in(main: Canvas, headers: dict[str, str]) -> None:
    client = Client(headers={"host": "localhost"})
    pixel = '{"x": 1, "y": 2, "color": "#FF0000"}'
    assert client.put("/api/pixel", pixel, "text/plain", headers=headers).status_code == 403
    assert not Placement.objects.exists()
    User.objects.create_user("mallory", password="mallory's password")
    said = {"username": "mallory", "password": "mallory's password"}
    assert client.post("/accounts/login/", said, headers=headers).status_code == 403


@pytest.mark.parametrize("headers", FOREIGN, ids=repr)
def test_a_foreign_page_may_look(main: Canvas, headers: dict[str, str]) -> None:
    client = Client(headers={"host": "localhost"})
    assert client.get("/api/canvas", headers=headers).status_code == 200
