"""The one limit of attempts holds at each place that tries a secret: found by code and by page."""

import ast
from collections.abc import Iterator
from html.parser import HTMLParser
from http import HTTPStatus
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts import attempts
from tests.accounts.conftest import PASSWORD
from tests.support.processes import ROOT

APPS = ("accounts", "blueprints", "canvas", "history", "moderation", "pixelsite", "presence")
CHECKS = {  # functions, of Python, Django and django-otp, that compare what somebody has sent
    *("authenticate", "aauthenticate", "check_password", "acheck_password", "verify_password"),
    *("compare_digest", "constant_time_compare", "verify_token", "match_token"),
}
COUNTING = {"attempts.begin", "check_own_password"}
UNCOUNTED = {  # and the reason why nobody can guess there
    "accounts/sessions.py is_valid": "a hash of 32 bytes, in the session that the server keeps",
    "accounts/two_factor.py confirm": "the first code of a key that this person was just shown",
    "canvas/protocol/signatures.py verifies": "a signature of 16 bytes, of pods alone",
}


def calls_in(function: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and name of each call, the name with that of its object."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


def is_counted(function: ast.AST) -> bool:
    """Tell whether an attempt is counted before the first check."""
    calls = sorted(calls_in(function))
    names = [name for _line, name in calls]
    first = next(n for n, name in enumerate(names) if name.rpartition(".")[2] in CHECKS)
    return not COUNTING.isdisjoint(names[:first])


def checking_functions() -> Iterator[tuple[str, ast.AST]]:
    """Yield the functions of the product that check a secret, by file and name."""
    for path in (path for app in APPS for path in (ROOT / app).rglob("*.py")):
        text = path.read_text()
        if not any(name in text for name in CHECKS):
            continue
        for node in ast.walk(ast.parse(text)):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            if any(name.rpartition(".")[2] in CHECKS for _line, name in calls_in(node)):
                yield f"{path.relative_to(ROOT)} {node.name}", node


def test_code_that_checks_a_secret_counts_the_attempt_before() -> None:
    found = dict(checking_functions())
    assert {name for name, node in found.items() if not is_counted(node)} == set(UNCOUNTED)
    assert {"accounts/backends.py authenticate", "accounts/backends.py check_own_password"} <= set(
        found
    )


def test_there_is_one_way_from_a_password_to_an_account(settings: Any) -> None:
    assert settings.AUTHENTICATION_BACKENDS == ["accounts.backends.PasswordBackend"]


class Fields(HTMLParser):
    """The inputs of a page, and those of them that ask for a secret which is there already."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.secrets: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        name, kept_for = said.get("name", ""), said.get("autocomplete", "")
        if tag != "input" or not name:
            return
        is_new = kept_for == "new-password"
        self.values[name] = "another long password" if is_new else said.get("value", "")
        is_secret = said.get("type") == "password" or kept_for == "one-time-code" or "otp" in name
        if is_secret and not is_new:
            self.secrets.append(name)


def paths(patterns: Any, start: str = "/") -> Iterator[str]:
    """Yield all paths of the site that have no variable part."""
    for each in patterns:
        path = start + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from paths(each.url_patterns, path)
        elif isinstance(each, URLPattern) and not {"<", "(", "^"} & set(path):
            yield path


def pages_that_ask(client: Client) -> dict[str, Fields]:
    found = {}
    for path in paths(get_resolver().url_patterns):
        answer = client.get(path)
        if answer.status_code == 200 and answer.get("Content-Type", "").startswith("text/html"):
            fields = Fields(answer.content.decode())
            if fields.secrets:
                found[path] = fields
    return found


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.usefixtures("static_files")
@pytest.mark.parametrize("two_factor", [False, True])
@pytest.mark.parametrize(
    ("is_in", "known"),
    [
        (False, {"/accounts/login/", "/admin/login/"}),
        (True, {"/accounts/password/", "/accounts/delete/"}),
    ],
)
def test_each_page_that_asks_for_one_keeps_to_the_limit(
    is_in: bool,
    known: set[str],
    two_factor: bool,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.STAFF_TWO_FACTOR = two_factor
    client = Client(headers={"host": "localhost"})
    root = User.objects.create_superuser("root", password=PASSWORD)
    if is_in:
        client.force_login(root)
    asking = pages_that_ask(client)
    assert known <= set(asking)
    monkeypatch.setattr(attempts, "OF_NETWORK", attempts.OF_NETWORK._replace(max_events=1))
    for number, (path, fields) in enumerate(asking.items()):
        said = {**fields.values, "username": "root", **dict.fromkeys(fields.secrets, "wrong")}
        address = f"192.0.2.{number + 1}"
        statuses = [client.post(path, said, REMOTE_ADDR=address).status_code for _ in range(2)]
        assert statuses == [HTTPStatus.OK, HTTPStatus.TOO_MANY_REQUESTS], path
