"""A clone without the former version skips its test alone, and fails `make upgrade`."""

import pytest

from tests.upgrade import former

UNKNOWN = "0" * 40


@pytest.mark.parametrize(
    ("value", "end"), [("", pytest.skip.Exception), ("1", pytest.fail.Exception)]
)
def test_a_clone_without_the_commit(
    value: str, end: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_SKIPS", value)
    with pytest.raises(end, match="fetch the whole history"):
        former.need(UNKNOWN)
