"""Growth beyond a tolerance is found, by its name."""

import pytest

from stress.sample import TOLERANCE, Sample, grown

BEFORE = Sample(140.0, 50, 48, 24, 0)


def test_what_stays_within_its_tolerance_is_flat() -> None:
    most = Sample(*(one + more for one, more in zip(BEFORE, TOLERANCE, strict=True)))
    assert grown(BEFORE, most) == []
    assert grown(BEFORE, Sample(0, 0, 0, 0, 0)) == []


@pytest.mark.parametrize("name", Sample._fields)
def test_each_that_grows_is_named(name: str) -> None:
    limit = getattr(BEFORE, name) + getattr(TOLERANCE, name)
    (found,) = grown(BEFORE, BEFORE._replace(**{name: limit + 1}))
    assert found.startswith(f"{name} grew from")


def test_what_cannot_be_measured_is_not_flat() -> None:
    assert grown(BEFORE, BEFORE._replace(tasks=float("nan")))
