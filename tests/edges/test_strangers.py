"""Requests that no client of ours sends: a clear refusal, and no error of ours."""

import logging
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from drf_spectacular.generators import SchemaGenerator
from pytest_django.fixtures import Settings

from pixelsite.openapi import view as schema
from tests.edges.conftest import Client, Connect

SITE = {"host": "localhost"}


@pytest.fixture(autouse=True)
def no_error_of_ours(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


@pytest.mark.parametrize(
    "path",
    ["/", "/ws", "/ws/main", "/ws/main/more/", "/ws/%/", "/ws/a b/", "/admin/", "/ws/main/%00/"],
)
async def test_a_socket_at_another_path_is_not_found(path: str, connect: Connect) -> None:
    assert not (await connect(path)).accepted


@pytest.mark.parametrize("path", ["/", "/ws", "/ws/main/more/", "/ws/a b/"])
async def test_a_server_that_can_says_why(path: str, pod: object, application: object) -> None:
    client = Client(application, path)
    client._communicator.scope["extensions"] = {"websocket.http.response": {}}
    await client.send_raw(type="websocket.connect")
    start, body = await client.receive(), await client.receive()
    assert (start["status"], start["type"]) == (404, "websocket.http.response.start")
    assert b'"path_unknown"' in body["body"]


@pytest.mark.parametrize(
    "origin",
    [
        b"https://[::1",
        b"https://[",
        b"http://]:80",
        b"null",
        b"://",
        b"\xff\xfe",
        b"http://a:b:c",
        b"x" * 5000,
    ],
)
async def test_an_origin_that_is_none_is_turned_away(origin: bytes, connect: Connect) -> None:
    assert not (await connect(origin=origin)).accepted


@pytest.mark.parametrize(
    "cookie",
    [
        r'sessionid="\000aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"',
        r'sessionid="\000"',
        r'sessionid="aaaaaaaa\377"',
        "sessionid=\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661",
        r'csrftoken="\000aaa"; guest="\000"; device="\000"; messages="\000"',
        "sessionid=" + "x" * 5000,
        "=; ==; ;;",
    ],
)
async def test_a_cookie_that_is_none_is_no_login(
    cookie: str, http: httpx.AsyncClient, connect: Connect
) -> None:
    raw = {b"cookie": cookie.encode()}
    for path in ("/", "/accounts/", "/accounts/login/", "/admin/", "/api/canvas"):
        assert (await http.get(path, headers=raw)).status_code in {200, 302}
    answer = await http.put("/api/pixel", json={"x": 1, "y": 1, "color": "#FF0000"}, headers=raw)
    assert answer.status_code == 200
    assert (await (await connect(cookie=cookie)).next("hello"))["guest"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/schema/?version=%00",
        "/?x=%00",
        "/%00",
        "/c/%00/",
        "/api/canvas?canvas=%00",
        "/api/pixel?x=1&y=%00",
        "/accounts/reset/%00/%00/",
        "/admin/login/?next=%00",
        "/static/%00.js",
    ],
)
async def test_an_address_with_a_nul_is_refused(path: str, http: httpx.AsyncClient) -> None:
    answer = await http.get(path)
    assert (answer.status_code, answer.json()["code"]) == (400, "request_malformed")


@pytest.mark.parametrize(
    "path",
    ["/api/", "/api/nothing", "/api/blueprints/%3E", "/api/canvas/", "/api/pixel/%F0%9F%98%80"],
)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_a_program_that_finds_nothing_is_told_so_as_by_all_of_the_api(
    method: str, path: str, http: httpx.AsyncClient
) -> None:
    answer = await http.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (404, "path_unknown")
    page = await http.request(method, "/nowhere/")
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")


@pytest.mark.parametrize(
    "query",
    [
        "version=%0d%0aX: 1",
        "version=%0a",
        "version=%ff",
        "lang=%0d%0a",
        "lang=../x",
        "format=%0d%0a",
    ],
)
async def test_the_schema_is_the_same_under_any_name(query: str, http: httpx.AsyncClient) -> None:
    answer = await http.get(f"/api/schema/?{query}")
    assert answer.status_code in {200, 404}
    assert "x" not in answer.headers
    assert (await http.get(f"/api/docs/?{query}")).status_code in {200, 404}


@pytest.mark.parametrize(
    "host", ["10.4.2.7", "10.4.2.7:8000", "[fd00::7]:8000", "evil.example", "a b", ""]
)
async def test_a_probe_may_come_by_any_address(
    host: str, http: httpx.AsyncClient, settings: Settings
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    plain = {"host": host, "x-forwarded-proto": "http"}
    for path in ("/healthz", "/readyz"):
        answer = await http.get(path, headers=plain)
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
    for path in ("/", "/api/canvas", "/healthz/", "/readyz.json", "/api/docs/"):
        assert (await http.get(path, headers=plain)).status_code in {400, 301}


async def test_the_document_of_the_api_is_made_once(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forty who asked for it kept everybody else waiting for ten seconds."""
    made: list[object] = []
    make: Any = SchemaGenerator.get_schema

    def counted(*said: Any, **more: Any) -> Any:
        made.append(said)
        return make(*said, **more)

    monkeypatch.setattr(SchemaGenerator, "get_schema", counted)
    schema.document.cache_clear()
    queries = ["", "?version=2", "?lang=de", "?lang=xx&version=%ff", "?format=json", "?a=1"]
    answers = [await http.get(f"/api/schema/{query}") for query in queries]
    accepted = {"accept": "application/json; indent=7"}
    answers.append(await http.get("/api/schema/", headers=accepted))
    assert {each.status_code for each in answers} == {200}
    assert len({each.content for each in answers}) == 2, "YAML and JSON"
    assert len(made) == 3, "once for each media type that was asked for"
