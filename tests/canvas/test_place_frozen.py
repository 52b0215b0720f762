"""A frozen canvas refuses all draws."""

import pytest

from canvas.domain.errors import Frozen
from canvas.ledger.placing import Placed
from canvas.models import Canvas, Placement
from canvas.services import configure, place
from tests.canvas.helpers import order

pytestmark = pytest.mark.both_databases


def test_every_draw_is_refused(main: Canvas) -> None:
    configure("main", {"frozen": True})
    answers = place("main", [order(), order(-1)])
    assert [type(answer) for answer in answers] == [Frozen, Frozen]
    assert not Placement.objects.exists()


def test_it_can_be_thawed(main: Canvas) -> None:
    configure("main", {"frozen": True})
    configure("main", {"frozen": False})
    assert isinstance(place("main", [order()])[0], Placed)


def test_others_are_not_frozen_with_it(main: Canvas) -> None:
    Canvas.objects.create(slug="other", own_cooldown_ms=0)
    configure("other", {"frozen": True})
    assert isinstance(place("main", [order()])[0], Placed)
