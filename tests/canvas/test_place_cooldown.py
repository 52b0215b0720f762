"""One person waits between two pixels, over HTTP and WebSocket alike."""

import pytest
from pytest_django import Settings

from canvas.domain.errors import CoolingDown
from canvas.ledger.placing import Placed
from canvas.models import Canvas
from canvas.services import place
from runtime.errors import Refused
from tests.canvas.helpers import ALICE, BOB, GUEST, configured, order, placed_before

pytestmark = pytest.mark.both_databases

COOLDOWN = 5000


@pytest.fixture
def cooled(main: Canvas) -> Canvas:
    return configured(main, own_cooldown_ms=COOLDOWN)


def placed(answers: list[Placed | Refused]) -> list[bool]:
    return [isinstance(answer, Placed) for answer in answers]


def test_the_second_pixel_of_a_batch_is_refused(cooled: Canvas) -> None:
    first, second = place("main", [order(), order()])
    assert isinstance(first, Placed)
    assert first.cooldown_ms == COOLDOWN
    assert isinstance(second, CoolingDown)
    assert second.retry_after_ms == COOLDOWN


def test_the_second_transaction_is_refused(cooled: Canvas) -> None:
    place("main", [order()])
    answer = place("main", [order()])[0]
    assert isinstance(answer, CoolingDown)
    assert 0 < (answer.retry_after_ms or 0) <= COOLDOWN


def test_others_need_not_wait(cooled: Canvas) -> None:
    answers = place("main", [order(), order(person=BOB), order(), order(person=GUEST)])
    assert placed(answers) == [True, True, False, True]


def test_a_refused_pixel_starts_no_cooldown(cooled: Canvas) -> None:
    assert placed(place("main", [order(-1), order(1)])) == [False, True]


def test_the_cooldown_of_one_canvas_is_none_on_another(cooled: Canvas) -> None:
    Canvas.objects.create(slug="other", own_cooldown_ms=COOLDOWN)
    place("main", [order()])
    assert placed(place("other", [order()])) == [True]


@pytest.mark.parametrize(("age", "may"), [(COOLDOWN - 2000, False), (COOLDOWN + 1, True)])
def test_it_ends_when_the_time_is_over(cooled: Canvas, age: int, may: bool) -> None:
    placed_before(cooled, age)
    assert placed(place("main", [order()])) == [may]


def test_the_newest_of_several_pixels_counts(main: Canvas) -> None:
    place("main", [order(), order()])
    configured(main, own_cooldown_ms=COOLDOWN)
    assert placed(place("main", [order()])) == [False]


def test_without_a_cooldown_nobody_waits(main: Canvas) -> None:
    assert placed(place("main", [order(), order(), order()])) == [True] * 3


@pytest.mark.parametrize("seconds", [0, 0.25, 7])
def test_a_canvas_without_a_cooldown_of_its_own_has_the_one_of_the_settings(
    main: Canvas, settings: Settings, seconds: float
) -> None:
    settings.CANVAS_COOLDOWN_SECONDS = seconds
    configured(main, own_cooldown_ms=None)
    answer = place("main", [order(person=ALICE)])[0]
    assert isinstance(answer, Placed)
    assert answer.cooldown_ms == seconds * 1000
