"""Exports: gone on with after an interruption, and whole or not there."""

import errno
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from django.core.management import CommandError

from canvas.models import Canvas
from history.datasets import exporting, outputs
from history.progress import Progress
from tests.history.conftest import draw_many, run

pytestmark = pytest.mark.both_databases


@pytest.fixture
def small_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "CHUNK", 20)
    monkeypatch.setattr(outputs.TextOutput, "chunks", 2)


class Full:
    """Ends writing with a full disk, after so many files."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, output: Any, files: int) -> None:
        write = output.write

        def fail(self: Any, file: BinaryIO, *arguments: Any) -> None:
            nonlocal files
            files -= 1
            if files < 0:
                file.write(b"half of it")
                raise OSError(errno.ENOSPC, "No space left on device")
            write(self, file, *arguments)

        monkeypatch.setattr(output, "write", fail)


@pytest.mark.parametrize("format", ["place2022", "segments"])
def test_an_export_goes_on_after_the_last_whole_file(
    past: Canvas, tmp_path: Path, small_files: None, format: str
) -> None:
    output = outputs.SegmentOutput if format == "segments" else outputs.TextOutput
    folder, part = tmp_path / "out", tmp_path / "out.part"
    with pytest.MonkeyPatch.context() as patch:
        Full(patch, output, 3)
        with pytest.raises(CommandError, match="the disk is full; nothing half written"):
            run("export_dataset", "main", folder, format=format)
    whole = sorted(each.name for each in part.iterdir() if each.suffix == ".gz")
    assert not folder.exists()
    assert len(whole) == 3
    stamps = {name: (part / name).stat().st_mtime_ns for name in whole}
    run("export_dataset", "main", folder, format=format)
    assert not part.exists()
    assert stamps == {name: (folder / name).stat().st_mtime_ns for name in whole}
    run("export_dataset", "main", tmp_path / "other", format=format)
    ours, theirs = (
        json.loads((each / "manifest.json").read_text()) for each in (folder, tmp_path / "other")
    )
    assert ours["digest"] == theirs["digest"]
    if format == "segments":
        assert ours["files"] == theirs["files"]


def test_what_was_placed_meanwhile_is_not_in_it(
    main: Canvas, tmp_path: Path, small_files: None
) -> None:
    draw_many("main", 100)
    with pytest.MonkeyPatch.context() as patch:
        Full(patch, outputs.TextOutput, 1)
        with pytest.raises(CommandError, match="full"):
            run("export_dataset", "main", tmp_path / "out", format="csv")
    draw_many("main", 100, start=700)
    run("export_dataset", "main", tmp_path / "out", format="csv")
    rows = [
        line
        for file in sorted((tmp_path / "out").glob("*.gz"))
        for line in gzip.decompress(file.read_bytes()).splitlines()[1:]
    ]
    assert [int(row.split(b",")[0]) for row in rows] == list(range(1, 101))


def test_an_empty_canvas_can_be_exported_and_imported(main: Canvas, tmp_path: Path) -> None:
    for format in exporting.NAMES:
        run("export_dataset", "main", tmp_path / format, format=format)
        run("import_dataset", f"of-{format}", tmp_path / format, f"--work={tmp_path / 'w'}")


def test_a_folder_that_is_there_is_not_touched(main: Canvas, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(CommandError, match="is there already"):
        run("export_dataset", "main", tmp_path / "out")
    with pytest.raises(CommandError, match="no canvas named 'nowhere'"):
        run("export_dataset", "nowhere", tmp_path / "new")
    with pytest.raises(CommandError, match="is no export"):
        run("export_dataset", "main", tmp_path / "out", person="user:1")


def test_progress_tells_pace_and_time_left() -> None:
    progress = Progress("exported", 1000)
    progress.skip(500)
    progress.add(250)
    line = progress.line()
    assert "exported: [######################--------] 750 of 1,000 rows" in line
    assert line.endswith(" left")


@pytest.mark.parametrize("format", exporting.NAMES)
def test_a_disk_that_gets_full_midway_publishes_nothing(
    past: Canvas, tmp_path: Path, full_disk: Callable[[int], None], format: str
) -> None:
    folder = tmp_path / "out"
    full_disk(700)
    with pytest.raises(CommandError, match="the disk is full; nothing half written is left"):
        run("export_dataset", "main", folder, format=format)
    assert not folder.exists()
    assert not [each for each in tmp_path.rglob("*.part") if each.is_file()]
    full_disk(10**9)
    run("export_dataset", "main", folder, format=format)
    run("export_dataset", "main", again := tmp_path / "again", format=format)
    assert _digest(folder) == _digest(again)


def _digest(folder: Path) -> object:
    return json.loads((folder / "manifest.json").read_text())["digest"]


def test_no_more_chunks_are_made_than_may_wait_to_be_packed() -> None:
    written, waiting = list[bytes](), list[int]()
    with outputs._Packing(io.BytesIO()) as packing:
        pack = packing._packed.write

        def note(content: Any) -> int:
            written.append(content)
            return pack(content)

        packing._packed.write = note  # type: ignore[method-assign, assignment]
        for number in range(20):
            packing.write(b"%d".__mod__, number)
            waiting.append(number + 1 - len(written))
    assert written == [b"%d" % number for number in range(20)]
    assert max(waiting) <= outputs.AT_ONCE
