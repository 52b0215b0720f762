"""Moderation's way into the ledger: the same lock, the same seqs, none of the rules for people."""

from collections.abc import Iterator
from typing import Any

import pytest

from canvas import signals
from canvas.domain.errors import Outdated, UnknownCanvas
from canvas.domain.pixel import Pixel
from canvas.domain.rules import CanvasMeta
from canvas.models import Canvas, Placement
from canvas.services import MAX_OVERWRITTEN, Cell, configure, overwrite, place
from tests.canvas.helpers import PALETTE, WIDTH, order

pytestmark = pytest.mark.both_databases

CELL = Cell(1, 2, 3, "alice", restores=1)


@pytest.fixture
def told() -> Iterator[list[Pixel]]:
    told: list[Pixel] = []

    def listen(pixels: list[Pixel], **_: Any) -> None:
        told.extend(pixels)

    signals.committed.connect(listen)
    yield told
    signals.committed.disconnect(listen)


def test_its_placements_follow_those_of_people(main: Canvas, told: list[Pixel]) -> None:
    place("main", [order()])
    assert overwrite("main", "operation:1", lambda meta, seq: [CELL]) == 1
    row = Placement.objects.get(seq=2)
    assert (row.x, row.y, row.color, row.actor) == (1, 2, 3, "operation:1")
    assert (row.username, row.restores) == ("alice", 1)
    main.refresh_from_db()
    assert main.seq == 2
    assert [pixel.seq for pixel in told] == [1, 2]


def test_the_plan_is_asked_for_the_newest_seq(main: Canvas) -> None:
    seen = []

    def plan(meta: CanvasMeta, seq: int) -> list[Cell]:
        seen.append((meta.slug, seq))
        return []

    place("main", [order(), order()])
    overwrite("main", "operation:1", plan)
    assert seen == [("main", 2)]


def test_no_cells_are_no_change(main: Canvas, told: list[Pixel]) -> None:
    assert overwrite("main", "operation:1", lambda meta, seq: []) == 0
    assert told == []


def test_for_a_retired_colour_its_stand_in_is_drawn(main: Canvas) -> None:
    configure("main", {"retired": [[PALETTE[3], PALETTE[1]]]})
    overwrite("main", "operation:1", lambda meta, seq: [CELL])
    assert Placement.objects.get().color == 1


@pytest.mark.parametrize(
    "cells",
    [
        [CELL, Cell(WIDTH, 0, 1, "")],
        [CELL, Cell(0, -1, 1, "")],
        [CELL, Cell(0, 0, 5, "")],
        [CELL] * (MAX_OVERWRITTEN + 1),
    ],
    ids=["beside the board", "above it", "no such colour", "too many"],
)
def test_a_plan_that_cannot_be_is_refused_whole(main: Canvas, cells: list[Cell]) -> None:
    with pytest.raises(ValueError, match="cells|Cell"):
        overwrite("main", "operation:1", lambda meta, seq: cells)
    assert not Placement.objects.exists()


def test_an_unknown_canvas_cannot_be_drawn_on(main: Canvas) -> None:
    with pytest.raises(UnknownCanvas):
        overwrite("nowhere", "operation:1", lambda meta, seq: [CELL])


def test_rules_that_are_not_as_expected_are_left_alone(main: Canvas) -> None:
    with pytest.raises(Outdated) as caught:
        configure("main", {"frozen": True}, expected={"own_cooldown_ms": 1})
    assert caught.value.field == "own_cooldown_ms"
    main.refresh_from_db()
    assert not main.frozen
