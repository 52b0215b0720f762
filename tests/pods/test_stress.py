"""The stress on a small site: all is well where it is, and a planted violation turns it red."""

import asyncio
import os
from collections.abc import Iterator

import pytest
import uvloop

from stress.checker import Kind
from stress.crowd import Crowd
from stress.faults import pods
from stress.faults.fault import Fault
from stress.load import Load
from stress.prober import Prober
from stress.round import Outcome, Rounds
from stress.site import Parts, Site

LOAD = Load(pods=2, sockets=8, rate=10, rounds=1)

pytestmark = pytest.mark.pods


async def change_rows(site: Site) -> None:
    """Change what is in the ledger, behind the trigger that forbids it."""
    await asyncio.to_thread(
        site.execute,
        "SET session_replication_role = replica",
        "UPDATE canvas_placement SET color = (color + 1) % 8"
        " WHERE seq > (SELECT max(seq) - 5 FROM canvas_placement)",
    )


@pytest.fixture
def site() -> Iterator[Site]:
    before = dict(os.environ)
    with Site(LOAD, Parts()) as site:
        assert os.environ == before, "settings of a site are for its processes alone"
        yield site


def test_a_killed_pod_costs_nothing_and_what_is_planted_is_found(site: Site) -> None:
    async def scenario() -> list[Outcome]:
        crowd = Crowd(site)

        async def change_board(site: Site) -> None:
            board = crowd.clients[-1].board
            assert board is not None
            board[:20] = bytes((color + 1) % 8 for color in board[:20])

        board = Fault("a client's board changes", "in its memory", "nothing", change_board)
        rows = Fault("rows change", "an UPDATE", "nothing", change_rows)
        try:
            await crowd.come()
            await Prober(crowd).begin()
            rounds = Rounds(site, crowd)
            return [await rounds.one(each) for each in (pods.FAMILY.faults[0], board, rows)]
        finally:
            await crowd.go()

    killed, board, rows = uvloop.run(scenario())
    found = [each for each in killed.violations if each.kind != Kind.LATE]  # a slow machine
    assert not found
    assert killed.acked > 10
    (hole,) = [each for each in board.violations if each.kind != Kind.LATE]
    assert hole.what.startswith("client 7 has ")
    assert rows.count(Kind.LOST) >= 1  # the pods may have noticed, and told all people by then
