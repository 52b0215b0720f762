"""A client that names the ETag of an answer has it, in whichever form it comes back."""

import pytest

from runtime.etags import etag_of, is_held


@pytest.mark.parametrize("etag", ['"7-12"', 'W/"7-12"'])
@pytest.mark.parametrize(
    ("header", "held"),
    [
        ('"7-12"', True),
        ('W/"7-12"', True),
        ('"7-11", W/"7-12"', True),
        ("*", True),
        ('"7-11"', False),
        ('"7-1"', False),
        ("7-12", False),
        ("", False),
        (None, False),
        ('"7-12', False),
    ],
)
def test_it_is_compared_weakly(header: str | None, held: bool, etag: str) -> None:
    assert is_held(header, etag) is held


def test_other_values_have_another_etag() -> None:
    made = {etag_of(1, "a"), etag_of(1, "b"), etag_of("1", "a"), etag_of(1, "a", None), etag_of()}
    assert len(made) == 5
    assert etag_of(1, (2, 3)) == etag_of(1, (2, 3))
