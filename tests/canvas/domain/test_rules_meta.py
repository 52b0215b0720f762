"""The rules as plain values, made of a row of the database."""

from types import SimpleNamespace

from canvas.domain import rules
from canvas.domain.area import Area
from canvas.domain.redaction import Redaction
from canvas.domain.rules import CanvasMeta


def row(**more: object) -> SimpleNamespace:
    columns = {
        "id": 1,
        "slug": "main",
        "width": 8,
        "height": 4,
        "palette": ["#FFFFFF", "#000000"],
        "cooldown_ms": 1,
        "frozen": True,
        "epoch": 7,
        "revision": 1,
        "guest_cooldown_ms": None,
        "charges": 1,
        "auto_color": True,
        "protected": [[0, 1, 2, 3]],
        "retired": [["#FFFFFF", "#000000"]],
        "redacted": [[0, 1, 2, 3, 4, 5]],
    }
    return SimpleNamespace(**{**columns, **more})


def test_lists_of_the_row_become_what_they_stand_for() -> None:
    meta = CanvasMeta.of(row())
    assert meta.palette == ("#FFFFFF", "#000000")
    assert meta.protected == (Area(0, 1, 2, 3),)
    assert meta.retired == (("#FFFFFF", "#000000"),)
    assert meta.redacted == (Redaction(0, 1, 2, 3, 4, 5),)
    assert (meta.cooldown_ms, meta.frozen, meta.guest_cooldown_ms) == (1, True, None)


def test_the_same_rules_are_one_object_and_others_another() -> None:
    first = row()
    meta = CanvasMeta.of(first)
    assert CanvasMeta.of(row()) is meta
    first.palette.append("#FF0000")
    assert CanvasMeta.of(first).palette == ("#FFFFFF", "#000000", "#FF0000")
    assert CanvasMeta.of(row()) is meta
    assert meta.palette == ("#FFFFFF", "#000000")


def test_no_more_of_them_are_kept_than_the_bound() -> None:
    for number in range(rules.MAX_KEPT + 10):
        CanvasMeta.of(row(revision=number))
    assert rules._one.cache_info().currsize == rules.MAX_KEPT
