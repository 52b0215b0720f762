"""`signals.committed` tells of pixels after their commit, and of nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from canvas import signals
from canvas.ledger.placing import Placed
from canvas.models import Canvas, Placement
from canvas.services import Cell, overwrite, place
from tests.canvas.helpers import order

pytestmark = pytest.mark.both_databases


@pytest.fixture
def told() -> Iterator[list[dict[str, Any]]]:
    """Record each signal, and whether the ledger was being written then."""
    told: list[dict[str, Any]] = []

    def listen(**kwargs: Any) -> None:
        told.append(kwargs | {"in_transaction": transaction.get_connection().in_atomic_block})

    signals.committed.connect(listen)
    yield told
    signals.committed.disconnect(listen)


def test_it_tells_all_pixels_of_a_commit_at_once(main: Canvas, told: list[dict[str, Any]]) -> None:
    answers = place("main", [order(1), order(-1), order(2)])
    assert len(told) == 1
    assert told[0]["meta"] == main.meta()
    assert told[0]["pixels"] == [each.pixel for each in answers if isinstance(each, Placed)]


def test_it_tells_the_time_of_the_placement_before(
    main: Canvas, told: list[dict[str, Any]]
) -> None:
    place("main", [order(1), order(2)])
    overwrite("main", "operation:1", lambda *_: [Cell(5, 5, 1, "mod"), Cell(6, 5, 1, "mod")])
    place("main", [order(3)])
    assert told[0]["after"] is None
    assert [each["after"] for each in told[1:]] == [
        each["pixels"][-1].timestamp for each in told[:-1]
    ]


def test_it_tells_after_the_commit(main: Canvas, told: list[dict[str, Any]]) -> None:
    with transaction.atomic():
        place("main", [order()])
        assert told == []
    assert told[0]["in_transaction"] is False


def test_it_tells_nothing_of_what_was_rolled_back(main: Canvas, told: list[dict[str, Any]]) -> None:
    class Change(Exception):
        pass

    with pytest.raises(Change), transaction.atomic():
        place("main", [order()])
        raise Change
    assert told == []
    assert not Placement.objects.exists()


def test_it_tells_nothing_of_refusals(main: Canvas, told: list[dict[str, Any]]) -> None:
    place("main", [order(-1)])
    assert told == []


def test_it_tells_nothing_of_a_retry(main: Canvas, told: list[dict[str, Any]]) -> None:
    place("main", [order(id="op-1")])
    place("main", [order(id="op-1"), order(id="op-1")])
    assert len(told) == 1


def test_a_listener_that_fails_does_not_make_pixels_look_refused(
    main: Canvas, told: list[dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    def fail(**_: Any) -> None:
        raise RuntimeError("the listener is broken")

    signals.committed.connect(fail)
    try:
        answer = place("main", [order()])[0]
    finally:
        signals.committed.disconnect(fail)
    assert isinstance(answer, Placed)
    assert len(told) == 1
    assert "the listener is broken" in caplog.text
