"""Frame times of the page, and the claims of the report about them."""

import pytest

from bench.page_frames import REFRESH, Frames, Spread, late, typical
from bench.scenarios.page import claims

QUICK, SLOW = Spread(1, 2, 3), Spread(1, 2, 17)


def test_a_refresh_without_a_new_frame_is_a_late_one() -> None:
    assert late([REFRESH] * 100) == 0
    assert late([REFRESH] * 97 + [3 * REFRESH]) == pytest.approx(0.02)


def test_clocks_that_are_off_by_a_little_make_no_frame_late() -> None:
    assert late([REFRESH - 8, REFRESH + 8]) == 0


def test_a_round_that_was_disturbed_is_outvoted() -> None:
    smooth = Frames("far", QUICK, QUICK, late=0)
    disturbed = Frames("far", QUICK, SLOW, late=0.5)
    assert typical([smooth, disturbed, smooth]) == smooth


def test_the_worst_view_decides() -> None:
    smooth = Frames("smooth", QUICK, QUICK, late=0.01)
    assert [claim.met for claim in claims([smooth])] == [True, True]
    late_one = Frames("late", QUICK, QUICK, late=0.011)
    busy_one = Frames("busy", QUICK, SLOW, late=0)
    assert [claim.met for claim in claims([smooth, late_one, busy_one])] == [False, False]
