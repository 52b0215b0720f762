"""An answer that a cache may keep for all people holds nothing of one person's."""

import pytest
from django.test import Client

from canvas.models import Canvas

COOKIES = {"csrftoken": "x", "sessionid": "abc", "device": "forged", "messages": "none of ours"}
SHARED = [
    "/api/canvas/board.png",
    "/api/canvas/card.png?at=0",
    "/api/canvas/history",
    "/api/canvas/history/open",
]

pytestmark = pytest.mark.usefixtures("static_files")


@pytest.mark.parametrize("url", SHARED)
def test_cookies_that_are_none_of_ours_leave_no_trace(url: str, main: Canvas) -> None:
    """A cache would hand a CSRF token to others, and keep a copy for each cookie made up."""
    client = Client(headers={"host": "localhost"})
    for name, value in COOKIES.items():
        client.cookies[name] = value
    answer = client.get(url)
    assert (answer.status_code, answer["Cache-Control"].partition(",")[0]) == (200, "public")
    assert not answer.cookies
    assert "cookie" not in answer.get("Vary", "").lower()


def test_pages_of_people_go_on_setting_theirs(main: Canvas) -> None:
    client = Client(headers={"host": "localhost"})
    answer = client.get("/accounts/login/")
    assert answer.cookies["csrftoken"]
    assert "Cookie" in answer["Vary"]
