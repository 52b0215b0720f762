"""The way back from the account's pages: to where the person came from, and nowhere else."""

import re
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db

PLACE = "/c/main/?x=12&y=34&zoom=20&t=abc"
EVIL = [
    "//evil.example",
    "///evil.example/",
    "https://evil.example/",
    "http:///evil.example",
    r"\\evil.example",
    r"/\evil.example",
    r"/\/evil.example/",
    "/\t/evil.example",
    " //evil.example",
    "javascript:alert(1)",
    "c/main/",
    "http://testserver/",  # ours, and still no path
    "/accounts/logout/",
    "/admin/",
    "/api/canvas",
    "/not/there/",
    "/c/main/?" + "a" * 3_000,
    "/c/\0/",
]


def back(client: Client, path: str) -> str:
    """Return where the page's "To the canvas" leads."""
    page = client.get(path).content.decode()
    (found,) = re.findall(r'<a href="([^"]*)">To the canvas</a>', page)
    assert f'<a href="{found}"><img' in page, "the site's name leads there too"
    return str(found).replace("&amp;", "&")


def test_it_leads_to_where_the_person_came_from(alices: Client) -> None:
    assert back(alices, "/accounts/") == "/"
    assert back(alices, f"/accounts/?next={quote(PLACE)}") == PLACE
    assert back(alices, "/accounts/") == PLACE, "after other pages of the account too"
    assert PLACE.replace("&", "&amp;") in alices.get("/accounts/tokens/").content.decode()
    assert back(alices, "/accounts/?next=/canvases/") == "/canvases/"


def test_it_does_so_after_logging_in(browser: Client, alice: User) -> None:
    given = {"username": "alice", "password": PASSWORD}
    path = f"/accounts/login/?next={quote(PLACE)}"
    page = browser.get(path).content.decode()
    assert PLACE.replace("&", "&amp;") in page
    answer = browser.post(path, given)
    assert answer.headers["location"] == PLACE
    assert back(browser, "/accounts/") == PLACE


def test_it_does_so_after_signing_up(browser: Client) -> None:
    given = {"username": "Bob", "email": "", "password1": PASSWORD, "password2": PASSWORD}
    answer = browser.post(f"/accounts/signup/?next={quote(PLACE)}", given)
    assert answer.headers["location"] == PLACE
    assert back(browser, "/accounts/") == PLACE


def test_logging_out_leads_there_too(alices: Client) -> None:
    page = alices.get(f"/accounts/?next={quote(PLACE)}").content.decode()
    assert f'name="next" value="{PLACE.replace("&", "&amp;")}"' in page
    answer = alices.post("/accounts/logout/", {"next": PLACE})
    assert answer.headers["location"] == PLACE


@pytest.mark.parametrize("path", EVIL)
def test_it_leads_nowhere_else(path: str, alices: Client) -> None:
    assert back(alices, f"/accounts/?next={quote(path)}") == "/"
    assert back(alices, "/accounts/") == "/"
    assert "evil" not in alices.get(f"/accounts/tokens/?next={quote(path)}").content.decode()


@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example/", r"/\evil.example"])
def test_neither_do_the_forms(path: str, browser: Client, alice: User) -> None:
    given = {"username": "alice", "password": PASSWORD}
    answer = browser.post(f"/accounts/login/?next={quote(path)}", given)
    assert answer.headers["location"] == "/"
    answer = browser.post("/accounts/logout/", {"next": path})
    assert answer.headers["location"] == "/"
    given = {"username": "Bob", "email": "", "password1": PASSWORD, "password2": PASSWORD}
    answer = browser.post(f"/accounts/signup/?next={quote(path)}", given)
    assert answer.headers["location"] == "/"


def test_what_a_session_keeps_is_not_believed(alices: Client) -> None:
    for kept in ("//evil.example", 7):
        session = alices.session
        session["way_back"] = kept
        session.save()
        assert back(alices, "/accounts/") == "/"
