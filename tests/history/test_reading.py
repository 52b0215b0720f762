"""Text read by columns: the same records and the same faults as line by line."""

from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from history.datasets import catalogue
from history.datasets.blocks import Block
from history.datasets.place import PLACE_2022
from history.datasets.reading import BadLine, Reader
from history.datasets.sources import MAX_LINE
from history.datasets.target import Target
from history.errors import BadValue

WIDTH, HEIGHT = 130, 70
LEFT, TOP = -15, -9

numbers = st.one_of(
    st.integers(-20, 140).map(str),
    st.sampled_from(
        ["0", "-0", "00", "07", "+1", "", "-", "1 ", "1.5", "99999", "-99999", "1" * 20]
    ),
)
times = st.one_of(
    st.builds(
        "{}-{:02}-{:02}{}{:02}:{:02}:{:02}{}{}".format,
        st.sampled_from(["2022", "1970", "1969", "0001", "9999", "202", "0000", "2000", "1900"]),
        st.integers(0, 13),
        st.integers(0, 32),
        st.sampled_from([" ", "T", "_"]),
        st.integers(0, 25),
        st.integers(0, 61),
        st.integers(0, 61),
        st.sampled_from(["", ".1", ",12", ".123", ".1234", ".123456", ".1234567", ".", ".12a"]),
        st.sampled_from(["", " UTC", "UTC", "Z", "+00:00", " CET", " utc"]),
    ),
    st.sampled_from(
        ["2022-04-03 17:38:22.252 UTC", "2022-04-03 17:38:22 UTC", "2024-02-29 00:00:00"]
    ),
    st.sampled_from(
        ["1490979600000", "0", "", "01490979600000", "-5", "253402300799999", "9" * 15]
    ),
    st.integers(0, 3 * 10**14).map(str),
)
colors = st.sampled_from(
    [
        "#FF4500",
        "#ff4500",
        "#FfFfFf",
        "#000000",
        "#FF4501",
        "FF4500",
        "#FF450",
        "#FF45000",
        "red",
        "",
    ]
)
names = st.sampled_from(["", "abc", "x" * 88, "a b", "\x00", "ä"])
flags = st.sampled_from(["0", "1", "2", "", "-0", "01"])
actions = st.sampled_from(["user place", "mod overwrite", "console nuke", "gift", ""])
shapes = st.sampled_from(
    ['"1,2,3,4"', '"4,4,1,1"', '"{X: 4, Y: 5, R: 3}"', '"{X: 4, Y: 999, R: 3}"']
)
quotes = st.sampled_from(['"{},{}"', '"{},{}"', "{},{}", '"{},{}', '{},{}"', '""{},{}""'])
cells = st.one_of(st.builds(str.format, quotes, numbers, numbers), shapes)
junk = st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=30)

LINES: dict[str, st.SearchStrategy[str]] = {
    "place2017": st.builds("{},{},{},{},{}".format, times, names, numbers, numbers, numbers),
    "place2022": st.builds("{},{},{},{}".format, times, names, colors, cells),
    "place2023": st.builds("{},{},{},{}".format, times, names, cells, colors),
    "csv": st.builds(
        "{},{},{},{},{},{},{},{}".format,
        *(numbers, times, numbers, numbers, colors, names, flags, flags),
    ),
    "pxls": st.one_of(
        st.builds(
            "{}\t{}\t{}\t{}\t{}\t{}".format, times, names, numbers, numbers, numbers, actions
        ),
        st.builds(
            "{}\t7\t{}\t{}\t{}\t{}\t{}".format, times, names, numbers, numbers, numbers, actions
        ),
    ),
}


def one_by_one(read: Callable[[bytes], bytes], lines: list[bytes]) -> tuple[bytes, str]:
    """Return the records up to the first fault, and that fault."""
    records = b""
    for place, line in enumerate(lines):
        try:
            records += read(line)
        except BadValue as error:
            return records, f"{place}: {error}"
    return records, ""


@pytest.mark.slow
@pytest.mark.parametrize("nearest", [False, True])
@pytest.mark.parametrize("name", LINES)
def test_columns_are_read_as_lines_are(name: str, nearest: bool) -> None:
    format = catalogue.FORMATS[name]
    target = Target(WIDTH, HEIGHT, PLACE_2022.palette, (LEFT, TOP), nearest, b"key")
    read, reader = format.reader(target), Reader(format, target)

    @settings(max_examples=150, deadline=None)
    @given(
        st.lists(st.one_of(LINES[name], LINES[name], LINES[name], junk), min_size=1, max_size=12)
    )
    @example([""])
    @example(["", ""])
    def holds(lines: list[str]) -> None:
        encoded = [line.encode() for line in lines]
        expected, fault = one_by_one(read, encoded)
        block = Block(b"".join(line + b"\n" for line in encoded))
        if lines[0].endswith("\r"):
            return  # Windows' lines, which lose it
        try:
            assert reader.read(block).tobytes() == expected
        except BadLine as error:
            assert f"{error.place}: {error}" == fault

    holds()


@pytest.mark.parametrize("name", LINES)
def test_usual_lines_are_not_read_one_by_one(name: str) -> None:
    """A line that columns leave takes ten times as long."""
    usual = {
        "place2017": "1490979600000,abc,1,2,3",
        "place2022": '2022-04-03 17:38:22.252 UTC,abc,#FF4500,"1,2"',
        "place2023": '2023-07-20 13:00:26.08 UTC,abc,"-9,-2",#FF4500',
        "csv": "1,1490979600000,1,2,#FF4500,abc,0,1",
        "pxls": "2021-05-01 12:00:01,123\tabc\t1\t2\t1\tuser place",
    }
    format = catalogue.FORMATS[name]
    reader = Reader(format, Target(WIDTH, HEIGHT, PLACE_2022.palette, (LEFT, TOP)))
    reader._line = lambda line: pytest.fail(f"one by one: {line!r}")
    assert len(reader.read(Block(f"{usual[name]}\n".encode() * 3))) == 3


def test_blocks_of_windows_and_of_nothing() -> None:
    block = Block(b"a,b\r\n\r\nc\r\n")
    assert [block.line(place) for place in range(len(block))] == [b"a,b", b"", b"c"]
    assert len(block.without_first()) == 2
    assert len(Block(b"")) == 0
    assert len(Block(b"h\n").without_first()) == 0
    assert MAX_LINE == 4096
