"""Spent charges: one row a person and canvas, and pruned when no cooldown counts them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from canvas.domain.cooldown import Spending
from canvas.ledger import allowances
from canvas.ledger.allowances import FIRST, prune
from canvas.models import Canvas, SpentCharges
from canvas.pod import pruner
from canvas.pod.pruner import Pruner
from canvas.services import place
from tests.canvas.helpers import ALICE, BOB, GUEST, configured, order

pytestmark = pytest.mark.both_databases

DAY = 86_400_000  # ms


def charged(canvas: Canvas, **hours_ago: float) -> None:
    """Have people draw so many hours ago."""
    now = timezone.now()
    SpentCharges.objects.bulk_create(
        SpentCharges(canvas=canvas, actor=actor, charges=1, at=now - timedelta(hours=hours))
        for actor, hours in hours_ago.items()
    )


def actors() -> list[str]:
    return list(SpentCharges.objects.order_by("actor").values_list("actor", flat=True))


def test_a_person_has_one_row_a_canvas_however_much_it_draws(main: Canvas) -> None:
    Canvas.objects.create(slug="other", palette=main.palette, own_cooldown_ms=0)
    place("main", [order(), order(person=BOB), order(), order(person=GUEST)])
    place("main", [order()])
    place("other", [order()])
    rows = SpentCharges.objects.values_list("canvas__slug", "actor")
    people = {("main", each.id) for each in (ALICE, BOB, GUEST)}
    assert sorted(rows) == sorted(people | {("other", ALICE.id)})


def test_it_is_that_of_the_newest_pixel(main: Canvas) -> None:
    configured(main, own_cooldown_ms=DAY, charges=5)
    place("main", [order(), order(), order()])
    main.refresh_from_db()
    assert main.clock is not None
    found = allowances.spent(main.pk, [ALICE.id, BOB.id])
    assert found == {ALICE.id: Spending(main.clock, 3.0)}


def test_old_rows_are_pruned_and_newer_ones_stay(main: Canvas) -> None:
    charged(main, a=25, b=23, c=0, d=1000)
    assert prune(FIRST, 10) == (2, FIRST)
    assert actors() == ["b", "c"]


def test_what_the_cooldown_still_counts_stays(main: Canvas) -> None:
    configured(main, own_cooldown_ms=DAY, charges=2)
    charged(main, a=47, b=49)
    prune(FIRST, 10)
    assert actors() == ["a"]


def test_a_step_is_bounded_and_the_next_goes_on(main: Canvas) -> None:
    charged(main, a=25, b=1, c=25, d=1, e=25)
    first, then = prune(FIRST, 2)
    assert (first, actors()) == (1, ["b", "c", "d", "e"])
    second, then = prune(then, 2)
    assert (second, actors()) == (1, ["b", "d", "e"])
    assert prune(then, 2) == (1, FIRST)
    assert actors() == ["b", "d"]


def test_a_pod_comes_by_all_rows_again_and_again(
    main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruner, "STEP", 1)
    charged(main, a=25, b=1, c=25)
    step = Pruner()._prune_charges
    assert [step(), step(), step(), step()] == [1, 0, 1, 0]
    charged(main, a=25)
    assert sum([step(), step()]) == 1
