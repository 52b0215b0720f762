"""Rows that the database refuses to hold."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import Error as DatabaseError
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from canvas.models import Canvas, Keyframe, Placement, Retry, Tip
from tests.canvas.helpers import PALETTE

pytestmark = pytest.mark.both_databases


def new_placement(canvas: Canvas, **changes: Any) -> None:
    fields: dict[str, Any] = {
        "canvas": canvas,
        "seq": 1,
        "x": 1,
        "y": 1,
        "color": 1,
        "actor": "user:1",
        "username": "alice",
        "placed_at": timezone.now(),
    }
    with transaction.atomic():
        Placement.objects.create(**fields | changes)


@pytest.mark.parametrize(
    "changes",
    [{"seq": 0}, {"color": 256}, {"x": -1}, {"y": -1}, {"color": -1}, {"x": None}],
    ids=repr,
)
def test_it_refuses_a_placement_that_cannot_be(main: Canvas, changes: dict[str, Any]) -> None:
    with pytest.raises(DatabaseError):
        new_placement(main, **changes)
    assert not Placement.objects.exists()


def test_it_refuses_a_seq_twice(main: Canvas) -> None:
    new_placement(main)
    with pytest.raises(DatabaseError):
        new_placement(main, actor="user:2")


def test_it_refuses_an_id_of_a_retry_twice(main: Canvas) -> None:
    retry = {"canvas": main, "client_id": "op-1", "seq": 1, "at": timezone.now()}
    Retry.objects.create(actor="user:1", **retry)
    with pytest.raises(DatabaseError), transaction.atomic():
        Retry.objects.create(actor="user:1", **retry)
    Retry.objects.create(actor="user:2", **retry)


def test_two_placements_alike_are_no_duplicates(main: Canvas) -> None:
    new_placement(main)
    new_placement(main, seq=2)
    assert Placement.objects.count() == 2


BOARD: dict[str, Any] = {
    "seq": 1, "width": 1, "height": 1, "sha256": "", "size": 0, "cells": b"",
}  # fmt: skip


def test_it_refuses_a_keyframe_twice(main: Canvas) -> None:
    Keyframe.objects.create(canvas=main, revision=1, **BOARD)
    with pytest.raises(DatabaseError), transaction.atomic():
        Keyframe.objects.create(canvas=main, revision=1, **BOARD)
    Keyframe.objects.create(canvas=main, revision=2, **BOARD)


def test_it_refuses_two_tips_of_one_canvas(main: Canvas) -> None:
    Tip.objects.create(canvas=main, revision=1, stored_at=Now(), **BOARD)
    with pytest.raises(DatabaseError), transaction.atomic():
        Tip.objects.create(canvas=main, revision=2, stored_at=Now(), **BOARD)


def test_it_refuses_two_canvases_of_one_name(main: Canvas) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Canvas.objects.create(slug="main")


SIZES = [(0, 1), (1, 0), (8193, 1), (1, 8193), (8192, 2049), (4097, 4096)]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_it_refuses_a_canvas_that_is_too_large_or_empty(
    main: Canvas, width: int, height: int
) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Canvas.objects.create(slug="other", width=width, height=height)


@pytest.mark.parametrize(("width", "height"), [(1, 1), (4096, 4096), (8192, 2048), (2048, 8192)])
def test_it_holds_any_other_canvas(main: Canvas, width: int, height: int) -> None:
    Canvas.objects.create(slug="other", width=width, height=height)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_form_says_what_is_wrong_with_the_size(main: Canvas, width: int, height: int) -> None:
    with pytest.raises(ValidationError):
        Canvas(slug="other", width=width, height=height).full_clean()


@pytest.mark.parametrize("palette", [[], ["red", "blue"], list(PALETTE) * 2, "red", {}], ids=repr)
def test_a_form_says_what_is_wrong_with_the_palette(main: Canvas, palette: object) -> None:
    with pytest.raises(ValidationError) as caught:
        Canvas(slug="other", palette=palette).full_clean()
    assert set(caught.value.message_dict) == {"palette"}


def test_two_canvases_have_different_histories() -> None:
    assert Canvas().epoch != Canvas().epoch
    assert 0 <= Canvas().epoch < 2**53  # a JavaScript number
