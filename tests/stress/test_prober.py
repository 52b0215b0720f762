"""A refusal is excused where the database was down while it was asked for."""

import asyncio

import httpx
import pytest

from stress.checker import Kind
from stress.crowd import Crowd
from stress.prober import Prober
from tests.stress.test_client import noticed


@pytest.mark.parametrize("story", [[True], [True, False], [None, True], [None, True, False]])
async def test_a_refusal_is_excused_where_the_database_was_down_meanwhile(
    crowd: Crowd, story: list[bool | None]
) -> None:
    await _ask(crowd, story)
    assert (noticed(crowd), crowd.excused) == ([], 1)


@pytest.mark.parametrize("story", [[None], [False]])
async def test_one_is_not_where_it_was_there(crowd: Crowd, story: list[bool | None]) -> None:
    crowd.excuse(True)
    crowd.excuse(False)
    await asyncio.sleep(0.01)
    await _ask(crowd, story)
    assert (noticed(crowd), crowd.excused) == ([Kind.REFUSED], 0)


async def _ask(crowd: Crowd, story: list[bool | None]) -> None:
    """Ask a pod that answers 503 after some changes: the first of them before it is asked."""
    before, *meanwhile = story

    async def answer(request: httpx.Request) -> httpx.Response:
        for each in meanwhile:
            await asyncio.sleep(0.01)
            crowd.excuse(bool(each))
        return httpx.Response(503, stream=httpx.ByteStream(b"unavailable"))

    if before is not None:
        crowd.excuse(before)
    transport = httpx.MockTransport(answer)
    async with httpx.AsyncClient(base_url="http://pod", transport=transport) as client:
        await Prober(crowd)._ask(client)
