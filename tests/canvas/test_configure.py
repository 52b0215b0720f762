"""Changing a canvas: under its lock, told after the commit, never at the pixels' cost."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from canvas import signals
from canvas.domain.errors import UnknownCanvas
from canvas.domain.rules import CanvasMeta
from canvas.models import Canvas
from canvas.services import configure, place
from runtime.errors import Invalid
from tests.canvas.helpers import PALETTE, WIDTH, order

pytestmark = pytest.mark.both_databases


@pytest.fixture
def told() -> Iterator[list[str]]:
    told: list[str] = []

    def listen(meta: CanvasMeta, **_: Any) -> None:
        told.append(meta.slug)

    signals.changed.connect(listen)
    yield told
    signals.changed.disconnect(listen)


@pytest.mark.parametrize(
    ("field", "value", "found"),
    [
        ("frozen", True, True),
        ("own_cooldown_ms", 1500, 1500),
        ("width", 50, 50),
        ("palette", [*PALETTE, "#ABCDEF"], (*PALETTE, "#ABCDEF")),
    ],
)
def test_it_changes_what_it_is_told(
    main: Canvas, told: list[str], field: str, value: object, found: object
) -> None:
    meta = configure("main", {field: value})
    name = "cooldown_ms" if field == "own_cooldown_ms" else field
    assert getattr(meta, name) == found
    main.refresh_from_db()
    assert main.meta() == meta
    assert told == ["main"]


def test_it_keeps_the_pixels_placed_so_far(main: Canvas) -> None:
    place("main", [order(), order()])
    configure("main", {"frozen": True})
    main.refresh_from_db()
    assert main.seq == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"frozen": True},
        {"own_cooldown_ms": 1},
        {"palette": [*PALETTE, "#ABCDEF"]},
        {"width": WIDTH},
    ],
    ids=repr,
)
def test_the_history_goes_on_with_other_rules(main: Canvas, changes: dict[str, Any]) -> None:
    assert configure("main", changes).epoch == main.epoch


@pytest.mark.parametrize("changes", [{"width": 50}, {"height": 50}], ids=repr)
def test_another_size_begins_a_new_history(main: Canvas, changes: dict[str, Any]) -> None:
    assert configure("main", changes).epoch != main.epoch


def test_a_palette_cannot_shrink(main: Canvas, told: list[str]) -> None:
    with pytest.raises(Invalid) as caught:
        configure("main", {"palette": list(PALETTE[:-1])})
    assert caught.value.field == "palette"
    main.refresh_from_db()
    assert main.meta().palette == PALETTE
    assert told == []


@pytest.mark.parametrize(
    "palette",
    [["red"] * 5, ["#FF0000"] * 5, [*PALETTE[:-1], "#abcdef"], [f"#{n:06X}" for n in range(300)]],
    ids=["no colours", "one colour", "lower case", "300 colours"],
)
def test_a_palette_must_be_one(main: Canvas, palette: list[str]) -> None:
    with pytest.raises(Invalid):
        configure("main", {"palette": palette})


def test_an_unknown_canvas_cannot_be_changed(main: Canvas) -> None:
    with pytest.raises(UnknownCanvas):
        configure("nowhere", {"frozen": True})


def test_what_was_rolled_back_is_not_told(main: Canvas, told: list[str]) -> None:
    with transaction.atomic():
        configure("main", {"frozen": True})
        transaction.set_rollback(True)
    assert told == []
    main.refresh_from_db()
    assert not main.frozen
