"""The bytes of a segment say all of its placements, and nothing else passes for them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canvas.domain.columns import Columns
from canvas.ledger.segment_format import (
    HEADER,
    Content,
    Header,
    decode,
    decode_columns,
    encode,
    rising,
)

u16, u64 = st.integers(0, 2**16 - 1), st.integers(0, 2**63)
placements = st.lists(
    st.tuples(u16, u16, st.integers(0, 255), st.integers(0, 2**40), st.integers(0, 3)),
    min_size=1,
    max_size=40,
)
hashes = st.binary(min_size=32, max_size=32)
headers = st.builds(Header, u64, u64, u64, hashes, hashes)


def content_of(header: Header, rows: list[tuple[int, int, int, int, int]]) -> Content:
    xs, ys, colors, deltas, flags = zip(*rows, strict=True)
    times, now = [], header.first_ms
    for delta in deltas:
        times.append(now := now + delta)
    seqs = range(header.first_seq, header.first_seq + len(rows))
    return Content(header, Columns(seqs, xs, ys, bytes(colors)), times, bytes(flags))


PLAIN = content_of(
    Header(1, 1_700_000_000_000, 7, bytes(32), bytes(32)),
    [(1, 2, 3, 0, 1), (300, 2, 4, 127, 0), (5, 700, 5, 128, 2), (6, 6, 6, 99_999, 3)] * 3,
)


@given(headers, placements)
def test_what_is_encoded_can_be_decoded(
    header: Header, rows: list[tuple[int, int, int, int, int]]
) -> None:
    content = content_of(header, rows)
    again = decode(encode(content))
    assert again.header == header
    assert [list(column) for column in again.columns] == [list(each) for each in content.columns]
    assert (list(again.times), again.flags) == (list(content.times), content.flags)


def test_the_columns_can_be_had_alone() -> None:
    header, columns = decode_columns(encode(PLAIN))
    assert header == PLAIN.header
    assert [list(column) for column in columns] == [list(each) for each in PLAIN.columns]


@pytest.mark.parametrize("length", [0, 1, HEADER.size - 1, HEADER.size, -1, -4])
def test_a_part_of_it_is_none(length: int) -> None:
    with pytest.raises(ValueError, match=r"placements|header|time"):
        decode(encode(PLAIN)[:length])


def test_more_than_it_is_none() -> None:
    with pytest.raises(ValueError, match="time"):
        decode(encode(PLAIN) + b"\x00")


def test_a_number_without_an_end_is_none() -> None:
    content = encode(PLAIN)
    with pytest.raises(ValueError, match="longer than a number"):
        decode(content[:-3] + b"\xff" * 1000)


@pytest.mark.parametrize(
    ("delta", "reason"),
    [
        (b"\xff" * 9 + b"\x02", "longer than a number"),
        (b"\xff" * 9 + b"\x01", "beyond 64 bits"),
        (b"\x80" * 10 + b"\x00", "longer than a number"),
        (b"\x80", "cut off"),
    ],
)
def test_a_time_of_more_than_64_bits_is_none(delta: bytes, reason: str) -> None:
    content = content_of(PLAIN.header, [(1, 2, 3, 0, 1)])
    flags = encode(content)[-1:]
    with pytest.raises(ValueError, match=reason):
        decode(encode(content)[:-2] + delta + flags)


def test_times_that_fall_are_not_encoded() -> None:
    content = content_of(PLAIN.header, [(1, 2, 3, 0, 1), (1, 2, 3, 5, 1)])
    with pytest.raises(ValueError, match="never fall"):
        encode(content._replace(times=list(reversed(content.times))))


def test_another_format_is_not_known() -> None:
    with pytest.raises(ValueError, match="format 2 is not known"):
        decode(b"\x02" + encode(PLAIN)[1:])


def test_an_open_one_may_have_no_placements_yet() -> None:
    empty = Content(PLAIN.header, Columns((), (), (), b""), [], b"")
    assert len(encode(empty)) == HEADER.size
    assert decode(encode(empty)).header == PLAIN.header


@given(st.binary(max_size=300))
def test_any_bytes_are_a_segment_or_a_clear_error(content: bytes) -> None:
    try:
        assert decode(b"\x01\x00\x00\x00" + content).columns.seqs
    except ValueError as error:
        assert str(error)


def test_times_stand_still_while_the_clock_lags() -> None:
    assert rising([5, 9, 7, 8, 12]) == [5, 9, 9, 9, 12]
    assert rising([5, 9], since=8) == [8, 9]


def test_a_full_segment_takes_little_time() -> None:
    rows = [(n % 1000, n % 999, n % 32, n % 300, n % 4) for n in range(65_536)]
    content = content_of(PLAIN.header, rows)
    started = time.process_time()
    decode(encode(content))
    assert time.process_time() - started < 0.5
