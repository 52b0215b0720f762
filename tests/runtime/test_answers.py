"""The codings of an answer that a client takes."""

import pytest

from runtime.answers import takes_gzip


@pytest.mark.parametrize(
    ("accepted", "takes"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("deflate,x-gzip", True),
        ("gzip;q=0.001", True),
        ("gzip;q=0", False),
        ("br, gzip ; q = 0.000", False),
        ("nogzip", False),
        ("identity", False),
        ("", False),
    ],
)
def test_gzip_is_sent_to_whom_takes_it(accepted: str, takes: bool) -> None:
    assert takes_gzip(accepted) is takes
