"""The sealed past over HTTP: what a stranger reads with docs/history.md in hand."""

import ast
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import httpx
import pytest
from PIL import Image

from canvas.http import history, past
from canvas.ledger import segment_format, segments, tips
from canvas.ledger.sealing import seal
from canvas.models import Canvas, Keyframe, Segment
from canvas.services import configure, place, renew_epoch
from tests.canvas.helpers import HEIGHT, PALETTE, WIDTH, configured, in_thread, ledger_cells, order
from tests.edges import history_reader
from tests.edges.history_reader import board_at

ADDRESS = "/api/canvas/history"


@pytest.fixture(autouse=True)
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "SIZE", 8)
    monkeypatch.setattr(history, "_open", type(history._open)())


def draw(count: int, first: int = 0) -> None:
    steps = range(first, first + count)
    place("main", [order(step * 3 % 5, step % 3, PALETTE[step % 4 + 1]) for step in steps])


def sealed(count: int) -> None:
    draw(count)
    list(seal("main"))


async def listed(http: httpx.AsyncClient, query: str = "") -> Any:
    answer = await http.get(ADDRESS + query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def fetched(http: httpx.AsyncClient, name: str) -> httpx.Response:
    answer = await http.get(f"{ADDRESS}/{name}")
    assert answer.status_code == 200, answer.text
    return answer


async def test_it_lists_what_is_sealed(http: httpx.AsyncClient, main: Canvas) -> None:
    await in_thread(sealed)(20)
    told = await listed(http)
    assert (told["canvas"], told["epoch"], told["more"]) == ("main", main.epoch, False)
    (revision,) = told["revisions"]
    assert (revision["width"], revision["height"], revision["seq"]) == (WIDTH, HEIGHT, 0)
    assert revision["palette"] == list(PALETTE)
    one, two = told["segments"]
    assert (one["first_seq"], one["count"], one["keyframe"]) == (1, 8, None)
    assert (one["moderated"], two["moderated"]) == (0, 0)
    assert (two["first_seq"], two["count"]) == (9, 8)
    assert two["keyframe"] == (await Keyframe.objects.aget()).sha256
    assert one["placed_from"] <= one["placed_to"] <= two["placed_from"]


async def test_only_changes_that_can_be_seen_are_listed(
    http: httpx.AsyncClient, main: Canvas
) -> None:
    for changes in ({"frozen": True}, {"width": 9}, {"charges": 2}, {"frozen": False}):
        await in_thread(configure)("main", changes)
    await in_thread(draw)(1)
    await in_thread(configure)("main", {"palette": [*PALETTE, "#123456"]})
    told = [(each["revision"], each["seq"]) for each in (await listed(http))["revisions"]]
    assert told == [(1, 0), (3, 0), (6, 1)]


async def test_a_long_list_is_told_in_parts(
    http: httpx.AsyncClient, main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "MAX_SEGMENTS", 2)
    await in_thread(sealed)(24)
    told = await listed(http)
    assert [each["first_seq"] for each in told["segments"]] == [1, 9]
    assert told["more"] is True
    rest = await listed(http, "?since=16")
    assert [each["first_seq"] for each in rest["segments"]] == [17]
    assert (rest["more"], rest["segments"][0]["keyframe"] is None) == (False, False)


async def test_segments_and_keyframes_are_sent_as_they_are_stored(
    http: httpx.AsyncClient, main: Canvas
) -> None:
    await in_thread(sealed)(16)
    names = [each.sha256 async for each in Segment.objects.all()]
    names.append((await Keyframe.objects.aget()).sha256)
    for name in names:
        answer = await fetched(http, name)
        assert sha256(answer.content).hexdigest() == name
        assert answer.headers["content-encoding"] == "gzip"
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["vary"] == "Accept-Encoding"
        plain = await http.get(f"{ADDRESS}/{name}", headers={"accept-encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert plain.content == answer.content


@pytest.mark.parametrize("name", ["0" * 64, "nonsense", "OPEN"])
async def test_what_there_is_not_is_told_as_ever(
    http: httpx.AsyncClient, main: Canvas, name: str
) -> None:
    answer = await http.get(f"{ADDRESS}/{name}")
    assert (answer.status_code, answer.json()["code"]) == (404, "history_unknown")


@pytest.mark.parametrize("path", ["", "/open", f"/{'0' * 64}"])
async def test_an_unknown_canvas_is_told_as_ever(
    http: httpx.AsyncClient, main: Canvas, path: str
) -> None:
    answer = await http.get(f"{ADDRESS}{path}?canvas=nowhere")
    assert (answer.status_code, answer.json()["code"]) == (404, "canvas_unknown")


async def test_another_canvas_has_another_history(http: httpx.AsyncClient, main: Canvas) -> None:
    await Canvas.objects.acreate(slug="other")
    await in_thread(sealed)(8)
    name = (await Segment.objects.aget()).sha256
    assert (await http.get(f"{ADDRESS}/{name}?canvas=other")).status_code == 404


async def test_the_open_segment_becomes_the_sealed_one(
    http: httpx.AsyncClient, main: Canvas
) -> None:
    await in_thread(sealed)(8)
    await in_thread(draw)(5)
    opened = segment_format.decode((await fetched(http, "open")).content)
    assert list(opened.columns.seqs) == [9, 10, 11, 12, 13]
    await in_thread(draw)(3, first=5)
    full = await fetched(http, "open")
    assert full.headers["cache-control"] == "public, max-age=1"
    await in_thread(list)(seal("main"))
    newest = await Segment.objects.alast()
    assert newest is not None
    assert sha256(full.content).hexdigest() == newest.sha256
    empty = segment_format.decode((await fetched(http, "open")).content)
    assert (empty.header.segment_before.hex(), list(empty.columns.seqs)) == (newest.sha256, [])
    assert empty.header.board_before.hex() == newest.board_after


async def test_the_open_segment_is_one_segment_at_most(
    http: httpx.AsyncClient, main: Canvas
) -> None:
    await in_thread(draw)(30)
    content = segment_format.decode((await fetched(http, "open")).content)
    assert list(content.columns.seqs) == list(range(1, 9))


async def test_a_hole_in_the_open_segment_is_no_fault_of_the_server(
    http: httpx.AsyncClient, main: Canvas
) -> None:
    await in_thread(draw)(3)
    await in_thread(configured)(main, seq=5)
    answer = await http.get(f"{ADDRESS}/open")
    assert (answer.status_code, answer.json()["code"]) == (503, "damaged")


async def test_a_few_open_segments_are_kept(
    http: httpx.AsyncClient, main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "KEPT", 2)
    for _ in range(4):
        await in_thread(draw)(1)
        await fetched(http, "open")
    assert len(history._open) == 2


async def test_beyond_so_many_one_has_to_ask_again(
    http: httpx.AsyncClient, main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    await in_thread(draw)(5)
    slot = past.slot(waiting=1, patience=0.05)
    monkeypatch.setattr(past, "pictures", slot)
    monkeypatch.setattr(past, "open_segments", slot)
    with slot.turn():
        for path in ("history/open", "board.png?seq=3"):
            answer = await http.get(f"/api/canvas/{path}")
            assert (answer.status_code, answer.json()["code"]) == (503, "busy")
            assert answer.headers["retry-after"] == "1"
    assert (await http.get("/api/canvas/board.png?seq=3")).status_code == 200


async def test_a_picture_of_the_past_has_its_size_and_is_kept_as_long_as_it_holds(
    http: httpx.AsyncClient, main: Canvas
) -> None:
    await in_thread(sealed)(12)
    await in_thread(configure)("main", {"width": 5, "height": 3})
    await in_thread(draw)(1)
    lasting = {
        seq: (await http.get(f"/api/canvas/board.png?seq={seq}")).headers["cache-control"]
        for seq in (0, 8, 9, 13)
    }
    kept = "public, max-age=3600"
    assert lasting == {0: kept, 8: kept, 9: kept, 13: "public, max-age=1"}
    wide = await http.get(f"/api/canvas/board.png?seq=11&x={WIDTH - 1}")
    assert wide.status_code == 200, "it had that column then"
    assert (await http.get("/api/canvas/board.png?seq=12&x=5")).status_code == 400


async def test_a_picture_that_one_has_is_made_again_only_where_it_is_another_one(
    http: httpx.AsyncClient, main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    await in_thread(sealed)(12)
    path = "/api/canvas/board.png?seq=8"
    held = {"if-none-match": (await http.get(path)).headers["etag"]}
    monkeypatch.setattr(tips, "load", Mock(side_effect=AssertionError))
    again = await http.get(path, headers=held)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == held["if-none-match"]
    monkeypatch.undo()
    for other in ("seq=7", "seq=8&width=2", "seq=8&scale=2"):
        assert (await http.get(f"/api/canvas/board.png?{other}", headers=held)).status_code == 200
    await in_thread(configure)("main", {"redacted": [[0, 0, 1, 1, 1, 9]]})
    hidden = await http.get(path, headers=held)
    assert hidden.status_code == 200, "a part has been hidden since"
    held = {"if-none-match": hidden.headers["etag"]}
    await in_thread(renew_epoch)("main")
    assert (await http.get(path, headers=held)).status_code == 200, "it is of another past now"


async def test_a_stranger_reads_every_board_from_the_page_alone(
    http: httpx.AsyncClient, main: Canvas
) -> None:
    """Small ones, cut off and grown again, within segments and between them."""
    for size, count in (((40, 30), 10), ((5, 3), 6), ((9, 9), 9), ((5, 4), 7), ((6, 4), 5)):
        await in_thread(configure)("main", {"width": size[0], "height": size[1]})
        await in_thread(sealed)(count)
    told = await listed(http)
    names = [each["sha256"] for each in told["segments"]]
    names += [each["keyframe"] for each in told["segments"] if each["keyframe"]]
    stored = {name: (await fetched(http, name)).content for name in [*names, "open"]}
    await main.arefresh_from_db()
    for seq in range(main.seq + 1):
        truth = await in_thread(ledger_cells)(main.meta(), seq)
        assert board_at(seq, told, stored.__getitem__) == truth, seq


def test_the_reader_is_a_stranger_s() -> None:
    source = Path(history_reader.__file__).read_text()
    assert len([line for line in source.splitlines() if line.strip()]) <= 40
    imports = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    assert {node.module for node in imports} == {"collections.abc", "hashlib", "typing"}


# --- what must not be shown


def indices_of(picture: httpx.Response) -> list[int]:
    """Return the palette indices of a PNG, row by row."""
    assert picture.status_code == 200, picture.text
    return list(Image.open(BytesIO(picture.content)).tobytes())


async def test_redactions_are_listed_and_no_picture_shows_them(
    http: httpx.AsyncClient, main: Canvas
) -> None:
    await in_thread(draw)(20)
    meta = await in_thread(configure)("main", {"redacted": [[0, 0, 3, 2, 5, 12]]})
    hidden = {"x": 0, "y": 0, "width": 3, "height": 2, "first_seq": 5, "last_seq": 12}
    assert (await listed(http))["redactions"] == [hidden]
    for seq in (4, 5, 12, 13, 20):
        expected = bytearray(await in_thread(ledger_cells)(meta, seq))
        for y in range(2 if 5 <= seq <= 12 else 0):
            expected[y * WIDTH : y * WIDTH + 3] = bytes(3)
        assert indices_of(await http.get(f"/api/canvas/board.png?seq={seq}")) == list(expected)


async def test_a_picture_of_now_hides_what_one_at_its_seq_does(
    http: httpx.AsyncClient, main: Canvas
) -> None:
    await in_thread(draw)(20)
    meta = await in_thread(configure)("main", {"redacted": [[0, 0, WIDTH, HEIGHT, 5, 20]]})
    assert set(indices_of(await http.get("/api/canvas/board.png"))) == {0}
    board = await http.get("/api/canvas/board")
    assert board.content == await in_thread(ledger_cells)(meta), "the present is as it is"


@pytest.mark.parametrize("seq", [4, 8, 12, 20])
async def test_a_stranger_hides_them_as_our_pictures_do(
    http: httpx.AsyncClient, main: Canvas, seq: int
) -> None:
    await in_thread(sealed)(20)
    await in_thread(configure)("main", {"redacted": [[0, 0, 3, 2, 5, 12], [30, 20, 99, 99, 1, 9]]})
    told = await listed(http)
    names = {"open", *(each[name] for each in told["segments"] for name in ("sha256", "keyframe"))}
    bodies = {name: (await fetched(http, name)).content for name in names if name}
    picture = await http.get(f"/api/canvas/board.png?seq={seq}")
    assert list(board_at(seq, told, bodies.__getitem__)) == indices_of(picture)
