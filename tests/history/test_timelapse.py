"""Films: their frames, read back, are the boards of their moments."""

import errno
import io
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from django.core.management import CommandError, call_command
from PIL import Image, ImageSequence

from canvas import services
from canvas.domain.redaction import redact
from canvas.ledger import reads, revisions, sealing, tips
from canvas.ledger.reads import head
from canvas.models import Canvas, CanvasRevision, Placement
from history.timelapse import encoding
from tests.canvas.helpers import PALETTE, keep
from tests.history.conftest import run

pytestmark = pytest.mark.both_databases
Pixels = npt.NDArray[np.uint8]
BEGIN = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def film_past(past: Canvas) -> Canvas:
    """The past of `past`, with a minute from each placement to the next."""
    rows = list(Placement.objects.filter(canvas=past).order_by("seq"))
    for row in rows:
        row.placed_at = BEGIN + timedelta(minutes=row.seq)
    keep(Placement.objects.none())
    Placement.objects.bulk_create(rows)
    CanvasRevision.objects.filter(canvas=past).update(at=BEGIN)
    return past


def picture(moment: datetime, scale: int = 1) -> Pixels:
    """Return what is shown at a moment in RGB, grey where the canvas was smaller than 48 x 30."""
    meta = head("main").meta
    board = tips.load(meta, reads.seq_at(meta, moment))
    redact(board, meta.redacted)
    palette = revisions.meta_at(meta, board.seq).palette
    found = np.full((30, 48, 3), 0x80, np.uint8)
    for y in range(board.height):
        for x in range(board.width):
            color = palette[board.cells[y * board.width + x]]
            found[y, x] = list(bytes.fromhex(color[1:]))
    return found.repeat(scale, 0).repeat(scale, 1)


def frames_of(path: Path) -> list[Pixels]:
    if path.suffix in (".gif", ".webp"):
        with Image.open(path) as film:
            return [np.array(frame.convert("RGB")) for frame in ImageSequence.Iterator(film)]
    import av

    with av.open(str(path)) as film:
        return [
            np.asarray(frame.to_ndarray(format="rgb24"), np.uint8) for frame in film.decode(video=0)
        ]


def moments(seq: int, count: int) -> list[datetime]:
    span = timedelta(minutes=seq - 1)
    return [BEGIN + timedelta(minutes=1) + span * n / (count - 1) for n in range(count)]


@pytest.mark.slow
@pytest.mark.usefixtures("small_segments")
@pytest.mark.parametrize("suffix", [".gif", ".webp"])
@pytest.mark.parametrize("is_sealed", [True, False])
def test_frames_are_the_boards_of_their_moments(
    film_past: Canvas, tmp_path: Path, suffix: str, is_sealed: bool
) -> None:
    if is_sealed:
        list(sealing.seal("main"))
    file = tmp_path / f"film{suffix}"
    run("timelapse", "main", file, seconds=1.1, fps=10, width=96)
    found = frames_of(file)
    expected = [picture(each, 2) for each in moments(film_past.seq, 11)]
    assert len(found) == 11
    assert all(np.array_equal(*pair) for pair in zip(found, expected, strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".mp4", ".webm"])
def test_films_of_a_codec_are_nearly_so(film_past: Canvas, tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"film{suffix}"
    run("timelapse", "main", file, seconds=0.7, fps=10, width=48 * 8)
    found = frames_of(file)
    expected = [picture(each, 8) for each in moments(film_past.seq, 7)]
    assert len(found) == 7
    for ours, theirs in zip(found, expected, strict=True):
        inner = np.abs(ours[4::8, 4::8].astype(int) - theirs[4::8, 4::8]).mean()
        assert inner < 12, inner


def test_a_region_from_a_moment_to_another_in_any_width(film_past: Canvas, tmp_path: Path) -> None:
    file = tmp_path / "film.webp"
    options = {"seconds": 0.3, "fps": 10, "region": "3,4,20,10", "width": 7}
    since, until = BEGIN + timedelta(minutes=30), BEGIN + timedelta(minutes=60)
    local = until.astimezone(tz=None).isoformat()
    run("timelapse", "main", file, since=str(int(since.timestamp() * 1000)), until=local, **options)
    found = frames_of(file)
    assert [each.shape for each in found] == [(4, 7, 3)] * 3 or len(found) == 3
    options["width"] = 40
    run("timelapse", "main", tmp_path / "b.gif", since=since.isoformat(), until=local, **options)
    last = frames_of(tmp_path / "b.gif")[-1]
    assert np.array_equal(last, picture(until)[4:14, 3:23].repeat(2, 0).repeat(2, 1))


def test_it_tells_how_far_it_is(film_past: Canvas, tmp_path: Path) -> None:
    told = io.StringIO()
    call_command("timelapse", "main", tmp_path / "a.gif", seconds=1, fps=5, stderr=told)
    begun, end = f"filmed: [{'#' * 30}] 5 of 5 frames, ", " left\n"
    assert told.getvalue().startswith(begun)
    assert told.getvalue().endswith(end)


def test_redactions_are_background(film_past: Canvas, tmp_path: Path) -> None:
    services.configure("main", {"redacted": [[0, 0, 48, 30, 20, 10**6]]})
    run("timelapse", "main", tmp_path / "film.gif", seconds=0.5, fps=10, width=48)
    last = frames_of(tmp_path / "film.gif")[-1]
    assert set(map(tuple, last.reshape(-1, 3).tolist())) <= {(255, 255, 255), (128, 128, 128)}


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"since": "2020-01-01T00:00:00Z"}, "--from is before the first placement, 2026-11-20"),
        ({"until": "2099-01-01T00:00:00Z"}, "--to is after now"),
        ({"since": "yesterday"}, "--from is no time"),
        ({"until": "2026-13-01T00:00:00Z"}, "--to is no time"),
        ({"until": "9" * 30}, "--to is no time"),
        ({"since": "2026-11-20T14:00:00Z", "until": "2026-11-20T13:30:00+00:00"}, "is after --to"),
        ({"region": "0,0,49,3"}, "is not on the canvas of 48 x 30"),
        ({"region": "0,0,0,3"}, "is not on the canvas"),
        ({"region": "all"}, "--region is x,y,width,height"),
        ({"seconds": 0.0}, "1 to 36000 frames"),
        ({"seconds": float("nan")}, "1 to 36000 frames"),
        ({"seconds": 1e9}, "1 to 36000 frames"),
        ({"fps": 0}, "--fps is 1 to 60"),
        ({"fps": 60, "seconds": 1.0}, "A GIF has at most 50"),
        ({"width": 20_000}, "pixels"),
        ({"seconds": 1000.0, "width": 4000}, "are too many for .gif"),
    ],
)
def test_what_cannot_be_is_named(
    film_past: Canvas, tmp_path: Path, options: dict[str, object], reason: str
) -> None:
    with pytest.raises(CommandError) as refused:
        run("timelapse", "main", tmp_path / "film.gif", **options)
    assert reason in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_files_and_canvases_that_cannot_be(past: Canvas, tmp_path: Path) -> None:
    (tmp_path / "film.gif").write_bytes(b"mine")
    Canvas.objects.create(slug="blank")
    for slug, name, reason in (
        ("main", "film.avi", "a film ends in .gif, .webp, .mp4, .webm"),
        ("main", "film.gif", "is there already"),
        ("nowhere", "a.gif", "no canvas named"),
        ("blank", "a.gif", "Nothing was placed on blank yet"),
    ):
        with pytest.raises(CommandError, match=reason):
            run("timelapse", slug, tmp_path / name)
    assert (tmp_path / "film.gif").read_bytes() == b"mine"


def test_without_pyav_it_says_what_to_do(
    past: Canvas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(CommandError, match=r"need PyAV: install requirements-history.txt"):
        run("timelapse", "main", tmp_path / "film.mp4")


@pytest.mark.parametrize("suffix", encoding.SUFFIXES)
def test_a_full_disk_leaves_nothing(
    past: Canvas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    def fail(_file: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("history.files.os.fsync", fail)
    with pytest.raises(CommandError, match="the disk is full; nothing half written"):
        run("timelapse", "main", tmp_path / f"film{suffix}", seconds=0.2, width=48)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("suffix", encoding.SUFFIXES)
def test_a_disk_that_gets_full_midway_leaves_nothing(
    film_past: Canvas, tmp_path: Path, full_disk: Callable[[int], None], suffix: str
) -> None:
    file = tmp_path / f"film{suffix}"
    options = {"seconds": 2.0, "width": 480}
    run("timelapse", "main", file, **options)
    size = file.stat().st_size
    file.unlink()
    for room in (0, size // 2):
        full_disk(room)
        with pytest.raises(CommandError, match="the disk is full; nothing half written"):
            run("timelapse", "main", file, **options)
        assert list(tmp_path.iterdir()) == []
    full_disk(10 * size)
    run("timelapse", "main", file, **options)
    assert frames_of(file)


def test_a_palette_of_then(film_past: Canvas, tmp_path: Path) -> None:
    services.configure("main", {"palette": ["#FFFFFF", "#111111", *PALETTE[2:], "#ABCDEF"]})
    row = CanvasRevision.objects.latest("revision")
    assert row.seq == film_past.seq
    run("timelapse", "main", tmp_path / "film.gif", seconds=0.2, fps=10, width=48)
    first, last = frames_of(tmp_path / "film.gif")
    assert np.array_equal(last, picture(BEGIN + timedelta(minutes=film_past.seq)))
    assert [0x11] * 3 in last.reshape(-1, 3).tolist()


def test_frames_in_memory_are_counted_in_bytes(film_past: Canvas, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoding, "MAX_HELD", 3 * 24 * 15 * 4 - 1)
        with pytest.raises(CommandError, match=r"3 frames of 24 x 15 are too many for .webp"):
            run("timelapse", "main", tmp_path / "a.webp", seconds=0.3, fps=10, width=24)
        patch.setattr(encoding, "MAX_HELD", 3 * 48 * 30)
        run("timelapse", "main", tmp_path / "b.webp", seconds=0.3, fps=10, width=48)
