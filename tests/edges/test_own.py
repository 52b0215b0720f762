"""A person finds their own placements, and nobody else's."""

import asyncio

import httpx
import pytest

from canvas.http import own, own_turns, past
from canvas.ledger import own as ledger
from tests.canvas.helpers import eventually

ADDRESS = "/api/canvas/mine"


async def draw(http: httpx.AsyncClient, x: int) -> int:
    answer = await http.put("/api/pixel", json={"x": x, "y": 2, "color": "#FF0000"})
    assert answer.status_code == 200, answer.text
    seq: int = answer.json()["seq"]
    return seq


async def test_one_finds_ones_own_and_no_other(http: httpx.AsyncClient) -> None:
    await http.get("/")  # gives the cookie of a guest
    mine = [await draw(http, 1)]
    cookies = dict(http.cookies)
    http.cookies.clear()
    await http.get("/")
    await draw(http, 2)
    http.cookies.clear()
    http.cookies.update(cookies)
    mine.append(await draw(http, 3))
    told = (await http.get(ADDRESS)).json()
    assert (told["seqs"], told["xs"], told["ys"], told["colors"]) == (mine, [1, 3], [2, 2], [2, 2])
    assert told["more"] is False
    answer = await http.get(ADDRESS)
    assert "no-store" in answer.headers["cache-control"]


async def test_they_come_a_page_at_a_time(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own, "MAX_OWN", 2)
    await http.get("/")
    mine = [await draw(http, x) for x in range(3)]
    first = (await http.get(ADDRESS)).json()
    rest = (await http.get(f"{ADDRESS}?since={first['until']}")).json()
    assert (first["seqs"] + rest["seqs"], first["more"], rest["more"]) == (mine, True, False)


@pytest.mark.parametrize(
    "query", ["since=-1", "since=x", "since=1", f"since={10**17}", "canvas=../x"]
)
async def test_what_is_no_position_is_refused(http: httpx.AsyncClient, query: str) -> None:
    answer = await http.get(f"{ADDRESS}?{query}")
    assert answer.status_code in {400, 404}, answer.text


async def test_a_person_asks_so_often_in_a_minute(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own, "MAX_ASKED", 2)
    await http.get("/")
    assert [(await http.get(ADDRESS)).status_code for _ in range(2)] == [200, 200]
    refused = await http.get(ADDRESS)
    assert (refused.status_code, refused.json()["code"]) == (429, "limit_reached")
    http.cookies.clear()
    await http.get("/")
    assert (await http.get(ADDRESS)).status_code == 200, "another person"


async def test_one_person_with_many_is_looked_for_at_a_time(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = past.slot(1, 0.05)
    monkeypatch.setattr(past, "own_placements", slot)
    await http.get("/")
    mine = [await draw(http, x) for x in range(2)]
    with slot.turn():
        assert (await http.get(ADDRESS)).json()["seqs"] == mine, "few need no turn"
        monkeypatch.setattr(ledger, "FEW", 1)
        refused = await http.get(ADDRESS)
        assert (refused.status_code, refused.json()["code"]) == (503, "busy")
    assert (await http.get(ADDRESS)).json()["seqs"] == mine


async def test_one_person_leaves_places_to_others_who_wait(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = past.slot(8, 20.0)
    monkeypatch.setattr(past, "own_placements", slot)
    monkeypatch.setattr(ledger, "FEW", 1)
    await http.get("/")
    mine = [await draw(http, x) for x in range(2)]
    with slot.turn():
        waiting = [asyncio.create_task(http.get(ADDRESS)) for _ in range(4)]
        await eventually(lambda: sum(each.done() for each in waiting) == 2)
        assert {each.result().status_code for each in waiting if each.done()} == {503}
    answers = [await each for each in waiting]
    assert sorted(each.status_code for each in answers) == [200, 200, 503, 503]
    assert (await http.get(ADDRESS)).json()["seqs"] == mine, "the places are free again"
    assert not own_turns.turns._present
