"""Archives that are made to do harm are refused within bounds, by name, wherever the harm is."""

import gzip
import os
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from django.core.management import CommandError

from canvas.models import Canvas
from history.datasets import sources
from tests.history.test_bad_data import GOOD, H2022, PARQUET, Load, load  # noqa: F401 - a fixture

pytestmark = pytest.mark.both_databases

HEADER = f"{H2022}\n".encode()
BOMB = HEADER + f"{GOOD}\n".encode() * 30_000  # 1.4 MB, 250 times as large as packed
SMALL = HEADER + f"{GOOD}\n".encode() * 3000  # less than is free
PADDING = 2**18  # bytes that cannot be packed; "FREE" is as much


def noise() -> bytes:
    return random.Random(20).randbytes(PADDING)


def behind_padding(file: Path) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.csv", BOMB)
    file.write_bytes(b"PK\x03\x04" + noise() + file.read_bytes())


def after_padding(file: Path) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("z.csv", noise())
        archive.writestr("a.csv", BOMB)


def many_small(file: Path) -> None:
    """Files that each unpack to less than is free."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(20):
            archive.writestr(f"{number}.csv", SMALL)


def overlapping(file: Path) -> None:
    """List one member under many names, as if each were packed anew."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("000.csv", SMALL)
    content = file.read_bytes()
    start = content.rindex(b"PK\x01\x02")
    end = content.rindex(b"PK\x05\x06")
    entry = content[start:end]
    listed = b"".join(entry.replace(b"000.csv", b"%03d.csv" % number) for number in range(200))
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 200, 200, len(listed), start, 0)
    file.write_bytes(content[:start] + listed + tail)


def in_the_second_member(file: Path) -> None:
    lines = "".join(
        f'2022-04-03 17:38:22.252 UTC,{random.Random(n).randbytes(24).hex()},#FF4500,"1,2"\n'
        for n in range(4000)
    )
    file.write_bytes(gzip.compress(HEADER + lines.encode()) + gzip.compress(BOMB[len(HEADER) :]))


def behind_empty_members(file: Path) -> None:
    """Put padding into the names of members that hold nothing."""
    empty = b"\x1f\x8b\x08\x08" + bytes(6) + b"x" * 4096 + b"\0" + gzip.compress(b"")[10:]
    file.write_bytes(empty * (PADDING // 4096) + gzip.compress(BOMB))


BOMBS: dict[str, Callable[[Path], None]] = {
    "padded.zip": behind_padding,
    "second.zip": after_padding,
    "many.zip": many_small,
    "overlap.zip": overlapping,
    "second.csv.gz": in_the_second_member,
    "names.csv.gz": behind_empty_members,
}


@pytest.fixture(autouse=True)
def small_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "FREE", PADDING)
    monkeypatch.setattr(sources, "CHUNK", 2**14)


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_wherever_it_is(load: Load, name: str) -> None:  # noqa: F811
    BOMBS[name](file := load.folder / name)
    with pytest.raises(CommandError, match=f"{name}.*it unpacks to more than 200 times its size"):
        load.files("place2022", file)
    assert not Canvas.objects.filter(slug="copy").exists()
    assert not list((load.folder / "work").glob("run-*")), "nothing of it is kept"


def test_padding_alone_does_no_harm(load: Load) -> None:  # noqa: F811
    lines = HEADER + f"{GOOD}\n".encode() * 3
    with zipfile.ZipFile(file := load.folder / "self.zip", "w") as archive:
        archive.writestr("data.csv", lines)
    file.write_bytes(b"#!/bin/sh\n" + file.read_bytes())
    with pytest.raises(CommandError, match=r"self.zip.*its header is not"):
        load.files("place2022", file)  # it does not begin as a zip, so it is text


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_unpack_all_at_once_are_refused(load: Load, method: int) -> None:  # noqa: F811
    """A megabyte of them may become gigabytes before anything is counted."""
    with zipfile.ZipFile(file := load.folder / "data.zip", "w", method) as archive:
        archive.writestr("data.csv", HEADER)
    with pytest.raises(CommandError, match=r"data.zip:data.csv: .*not by deflate"):
        load.files("place2022", file)


def test_a_header_that_lies_about_the_size_is_refused(load: Load) -> None:  # noqa: F811
    with zipfile.ZipFile(file := load.folder / "data.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.csv", BOMB)
    size = struct.pack("<I", len(BOMB))
    assert file.read_bytes().count(size) == 2
    file.write_bytes(file.read_bytes().replace(size, struct.pack("<I", 2000)))
    with pytest.raises(CommandError, match=r"data.zip:data.csv, "):
        load.files("place2022", file)
    assert not Canvas.objects.filter(slug="copy").exists()


def test_a_list_of_files_that_is_too_long_is_not_read(
    load: Load,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with zipfile.ZipFile(file := load.folder / "list.zip", "w") as archive:
        for number in range(50):
            archive.writestr(f"{number}.csv", HEADER)
    monkeypatch.setattr(sources, "MAX_DIRECTORY", 2000)
    with pytest.raises(CommandError, match=r"list.zip: .*its list of files has \d+ bytes"):
        load.files("place2022", file)


def test_an_archive_within_an_archive_is_text_and_refused(load: Load) -> None:  # noqa: F811
    with zipfile.ZipFile(inner := load.folder / "inner.zip", "w") as archive:
        archive.writestr("data.csv", HEADER)
    with zipfile.ZipFile(file := load.folder / "outer.zip", "w") as archive:
        archive.write(inner, "inner.zip")
        archive.writestr("inner.csv.gz", gzip.compress(HEADER))
    with pytest.raises(CommandError, match=r"outer.zip:inner.csv.gz, (line|byte)"):
        load.files("place2022", file)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused(load: Load) -> None:  # noqa: F811
    with zipfile.ZipFile(file := load.folder / "data.zip", "w") as archive:
        archive.writestr("data.csv", HEADER + f"{GOOD}\n".encode())
        archive.writestr("data.csv", HEADER)
    with pytest.raises(CommandError, match=r"data.zip: it has two files data.csv"):
        load.files("place2022", file)


def test_names_in_an_archive_do_nothing_to_a_terminal(load: Load) -> None:  # noqa: F811
    with zipfile.ZipFile(file := load.folder / "data.zip", "w") as archive:
        archive.writestr("\x1b[2J" + "x" * 500, "oops\n")
    with pytest.raises(CommandError) as refusal:
        load.files("place2022", file)
    assert "\x1b" not in str(refusal.value)
    assert len(str(refusal.value)) < 300


@pytest.mark.parametrize("column", ["person", "color"])
def test_one_long_text_of_many_rows_is_not_multiplied(load: Load, column: str) -> None:  # noqa: F811
    """Its dictionary has it once; as values of 65,536 rows it would take 65 GB."""
    columns = {name: values[:1] * 65_536 for name, values in PARQUET.items() if name != column}
    number = pyarrow.array([0] * 65_536, pyarrow.int8())
    text = pyarrow.DictionaryArray.from_arrays(number, ["x" * 10**6])
    table = pyarrow.table(columns | {column: text})
    pyarrow.parquet.write_table(table, file := load.folder / "data.parquet", store_schema=False)
    with pytest.raises(CommandError, match=f"data.parquet, row 1: {column} has a text of 1000000"):
        load.files("parquet", file, more=("--palette=#FFFFFF #FF4500",))


def test_a_file_of_a_header_alone_has_no_placements(load: Load) -> None:  # noqa: F811
    (load.folder / "1.csv").write_bytes(HEADER)
    (load.folder / "2.csv").write_bytes(HEADER + f"{GOOD}\n".encode())
    files = [load.folder / "1.csv", load.folder / "2.csv"]
    assert "copy: 1 placements" in load.files("place2022", *files)


def test_what_is_no_file_is_not_waited_for(load: Load) -> None:  # noqa: F811
    os.mkfifo(pipe := load.folder / "pipe.csv")
    with pytest.raises(CommandError, match=r"pipe.csv: it is no file"):
        load.files("place2022", pipe)
