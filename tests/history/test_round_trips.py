"""Export, import, export: the same digest in each format, and the same boards."""

import json
from pathlib import Path

import numpy as np
import pytest

from canvas.ledger import revisions
from canvas.ledger.reads import head
from canvas.ledger.verification import verify
from canvas.models import Canvas, Placement
from history.datasets.exporting import NAMES
from tests.history.conftest import board_of, run

pytestmark = pytest.mark.both_databases


def manifest(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((folder / "manifest.json").read_text())
    return found


@pytest.mark.parametrize("format", NAMES)
def test_export_import_export_has_the_same_digest_and_board(
    past: Canvas, tmp_path: Path, format: str
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    run("export_dataset", "main", first, format=format)
    work = f"--work={tmp_path / 'work'}"
    run("import_dataset", "copy", first, work, "--workers=1")
    run("export_dataset", "copy", second, format=format)
    assert manifest(first)["digest"] == manifest(second)["digest"]
    assert manifest(first)["rows"] == past.seq
    for seq in (1, 100, 151, 152, 190, 192, past.seq):
        assert board_of("copy", seq) == board_of("main", seq), seq
    assert not (tmp_path / "work").exists()
    meta, seq = head("copy")
    assert all(finding.fault is None for finding in verify(meta, seq, full=True))
    assert meta.frozen


def test_segments_of_a_copy_are_the_same_bytes(past: Canvas, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    run("export_dataset", "main", first)
    run("import_dataset", "copy", first)
    run("export_dataset", "copy", second)
    names = sorted(each.name for each in first.glob("*.segment.gz"))
    assert [(second / name.replace("main", "copy")).read_bytes() for name in names] == [
        (first / name).read_bytes() for name in names
    ]


@pytest.mark.slow
def test_the_fold_of_an_import_is_that_of_numpy(
    main: Canvas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """40,000 lines in three files, in no order, folded independently."""
    random = np.random.default_rng(7)
    count, side = 40_000, 64
    times = random.integers(1_648_817_050_000, 1_648_817_250_000, count)
    xs, ys = random.integers(0, side, (2, count))
    colors = random.integers(0, 16, count)
    lines = [
        f"{t},{who},{x},{y},{c}"
        for t, who, x, y, c in zip(times, times % 99, xs, ys, colors, strict=True)
    ]
    header = "ts,user_hash,x_coordinate,y_coordinate,color"
    for number in range(3):
        part = lines[number * count // 3 : (number + 1) * count // 3]
        (tmp_path / f"{number}.csv").write_text("\n".join([header, *part]) + "\n")
    files = sorted(tmp_path.glob("*.csv"))
    monkeypatch.setattr("history.datasets.runs.RUN", 5_000)
    monkeypatch.setattr("history.datasets.sources.CHUNK", 10_000)
    monkeypatch.setattr("history.datasets.merging.AT_ONCE", 3_000)
    monkeypatch.setattr("history.datasets.merging.LEAST", 100)
    options = ("--format=place2017", f"--size={side}x{side}", f"--work={tmp_path / 'w'}")
    run("import_dataset", "copy", *files, *options, "--workers=1")

    ordered = np.argsort(times, kind="stable")
    board = np.zeros((side, side), np.uint8)
    for place in ordered.tolist():
        board[ys[place], xs[place]] = colors[place]
    assert board_of("copy") == board.tobytes()
    rows = Placement.objects.filter(canvas__slug="copy").order_by("seq")
    assert list(rows.values_list("x", flat=True)) == xs[ordered].tolist()
    assert rows.values("actor").distinct().count() == 99


def test_sizes_and_palettes_of_the_past_come_along(past: Canvas, tmp_path: Path) -> None:
    run("export_dataset", "main", tmp_path / "out", format="place2022")
    run("import_dataset", "copy", tmp_path / "out", f"--work={tmp_path / 'w'}")
    ours, theirs = (
        [(seq, rules.width, rules.height, rules.palette) for seq, rules in revisions.metas(meta)]
        for meta in (head("main").meta, head("copy").meta)
    )
    assert ours == theirs
