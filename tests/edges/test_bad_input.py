"""Bad input: a clear error that names the field, the same words at both edges, nothing written."""

from typing import Any

import httpx
import pytest

from canvas.models import Canvas, Placement
from tests.canvas.helpers import in_thread
from tests.edges.conftest import Connect

GOOD = {"x": 1, "y": 2, "color": "#FF0000"}
BAD = [
    ({"x": 40}, "x_out_of_range", "x"),
    ({"y": 30}, "y_out_of_range", "y"),
    ({"x": -1}, "x_out_of_range", "x"),
    ({"x": 10**30}, "x_invalid", "x"),
    ({"x": 1.0}, "x_invalid", "x"),
    ({"x": "1"}, "x_invalid", "x"),
    ({"x": True}, "x_invalid", "x"),
    ({"x": None}, "x_invalid", "x"),
    ({"y": []}, "y_invalid", "y"),
    ({"color": "#123456"}, "color_unknown", "color"),
    ({"color": "red"}, "color_invalid", "color"),
    ({"color": "#FF00"}, "color_invalid", "color"),
    ({"color": 7}, "color_invalid", "color"),
    ({"username": ""}, "username_invalid", "username"),
    ({"username": "a" * 1000}, "username_invalid", "username"),
    ({"username": "a\u0000b"}, "username_invalid", "username"),
    ({"username": "a\u202eb"}, "username_invalid", "username"),
    ({"id": ""}, "id_invalid", "id"),
    ({"id": {}}, "id_invalid", "id"),
    ({"over": 0}, "over_invalid", "over"),
    ({"over": -1}, "over_invalid", "over"),
    ({"over": "1"}, "over_invalid", "over"),
    ({"over": True}, "over_invalid", "over"),
    ({"over": 1.0}, "over_invalid", "over"),
    ({"over": 10**30}, "over_invalid", "over"),
]
NOT_EVEN_JSON = ["nope", "{", '{"x": NaN}', "[1, 2]", "7", "null", "[" * 2000]


async def nothing_written(main: Canvas) -> bool:
    return not await in_thread(Placement.objects.exists)()


@pytest.mark.parametrize(("change", "code", "field"), BAD, ids=repr)
async def test_both_edges_refuse_it_in_the_same_words(
    change: dict[str, Any],
    code: str,
    field: str,
    http: httpx.AsyncClient,
    connect: Connect,
    main: Canvas,
) -> None:
    answer = await http.put("/api/pixel", json=GOOD | change)
    assert answer.status_code == 400
    body = answer.json()
    assert (body["code"], body["field"]) == (code, field)

    socket = await connect()
    await socket.send({"type": "pixel_update", **GOOD, **change})
    error = await socket.next("error", "ack")
    assert {name: error[name] for name in body} == body
    assert await nothing_written(main)


@pytest.mark.parametrize("body", NOT_EVEN_JSON)
async def test_what_is_no_json_object_is_refused(
    body: str, http: httpx.AsyncClient, connect: Connect, main: Canvas
) -> None:
    answer = await http.put("/api/pixel", content=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "message_invalid")
    socket = await connect()
    await socket.send(body)
    assert (await socket.next("error"))["code"] == "message_invalid"
    assert await nothing_written(main)


async def test_nothing_at_all_is_refused(http: httpx.AsyncClient, connect: Connect) -> None:
    answer = await http.put("/api/pixel")
    assert (answer.status_code, answer.json()["code"]) == (400, "x_invalid")
    socket = await connect()
    await socket.send("")
    assert (await socket.next("error"))["code"] == "message_invalid"


async def test_a_name_with_markup_is_kept_as_text(http: httpx.AsyncClient) -> None:
    name = "<script>alert(1)</script>"
    answer = await http.put("/api/pixel", json=GOOD | {"username": name})
    assert answer.json()["username"] == name


async def test_a_body_of_a_megabyte_is_refused(http: httpx.AsyncClient) -> None:
    answer = await http.put("/api/pixel", content=b" " * 1_000_000)
    assert (answer.status_code, answer.json()["code"]) == (413, "message_too_large")


async def test_a_canvas_that_is_none_is_not_found(http: httpx.AsyncClient) -> None:
    for slug in ("nowhere", "a\u0000b", "x" * 9000):
        answer = await http.put("/api/pixel", json=GOOD | {"canvas": slug[:3000]})
        assert (answer.status_code, answer.json()["code"]) == (404, "canvas_unknown")
    for canvas in (7, None):
        answer = await http.put("/api/pixel", json=GOOD | {"canvas": canvas})
        assert (answer.status_code, answer.json()["code"]) == (400, "canvas_invalid")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/api/pixel", GOOD),
        ("POST", "/api/report", {"x": 1, "y": 1, "reason": "other"}),
    ],
)
async def test_a_canvas_in_the_query_is_not_passed_over(
    method: str, path: str, body: dict[str, Any], http: httpx.AsyncClient, main: Canvas
) -> None:
    """A program that names it there, as for all that is read, would draw on another one."""
    answer = await http.request(method, f"{path}?canvas=other", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "canvas_invalid")
    assert await nothing_written(main)
    answer = await http.request(method, f"{path}?canvas=main", json=body)
    assert answer.status_code in {200, 201}


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/api/canvas?canvas=nowhere", "canvas_unknown"),
        ("/api/canvas/board?canvas=nowhere", "canvas_unknown"),
        ("/api/pixel?x=1", "y_invalid"),
        ("/api/pixel?x=-1&y=1", "x_invalid"),
        ("/api/pixel?x=40&y=1", "x_out_of_range"),
        ("/api/canvas/changes", "since_invalid"),
        ("/api/canvas/changes?since=-1", "since_invalid"),
        ("/api/canvas/changes?since=1", "since_ahead"),
        ("/api/canvas/board.png?seq=1", "seq_ahead"),
        ("/api/canvas/board.png?at=yesterday", "at_invalid"),
        ("/api/canvas/board.png?x=40", "x_out_of_range"),
        ("/api/canvas/board.png?y=-1", "y_invalid"),
        ("/api/canvas/board.png?width=0", "width_out_of_range"),
        ("/api/canvas/board.png?x=1&width=40", "width_out_of_range"),
        ("/api/canvas/board.png?height=1e3", "height_invalid"),
        ("/api/canvas/board.png?scale=65", "scale_out_of_range"),
        ("/api/canvas/board.png?scale=64", "scale_out_of_range"),
    ],
)
async def test_a_query_that_makes_no_sense_is_refused(
    path: str, code: str, http: httpx.AsyncClient
) -> None:
    answer = await http.get(path)
    assert answer.status_code in {400, 404}
    assert answer.json()["code"] == code


async def test_a_binary_frame_and_a_huge_one_leave_the_socket_open(connect: Connect) -> None:
    socket = await connect()
    await socket.send_raw(bytes=b"\x01\x02")
    assert (await socket.next("error"))["code"] == "message_invalid"
    await socket.send("x" * 65_536)
    assert (await socket.next("error"))["code"] == "message_too_large"
    unknown: list[object] = ["pixel_updated", None, [], {}]
    for kind in unknown:
        await socket.send({"type": kind, **GOOD})
        assert (await socket.next("error"))["code"] == "type_unknown"
    await socket.send({"type": "pixel_update", **GOOD})
    assert (await socket.next("ack", "error"))["type"] == "ack"


@pytest.mark.parametrize("since", ["-1", "x", "", "1.5", "\u0661"])
async def test_a_since_that_is_no_position_gets_an_error_and_a_resync(
    since: str, connect: Connect
) -> None:
    socket = await connect(f"/ws/?since={since}")
    error = await socket.next("error")
    assert (error["code"], error["field"]) == ("since_invalid", "since")
    assert (await socket.next("resync"))["seq"] == 0


async def test_a_since_from_the_future_gets_an_error_and_a_resync(connect: Connect) -> None:
    socket = await connect("/ws/?since=5")
    assert (await socket.next("error"))["code"] == "since_ahead"
    assert (await socket.next("resync"))["seq"] == 0


async def test_an_unknown_canvas_closes_the_socket_after_saying_so(connect: Connect) -> None:
    socket = await connect("/ws/nowhere/")
    assert (await socket.next("error"))["code"] == "canvas_unknown"
    assert await socket.close_code() == 4400


async def test_a_cookie_that_no_database_takes_is_a_guests(connect: Connect) -> None:
    good, bad = await connect(), await connect(cookie='sessionid="\\000\\000aaaaaaaa"')
    for socket in (good, bad):
        assert (await socket.next("hello"))["guest"] is True
