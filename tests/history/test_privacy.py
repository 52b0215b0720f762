"""Persons and redactions in exports: nobody is found who should not be."""

import base64
import errno
import gzip
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError
from django.db import connection

from canvas import services
from canvas.domain.board import Board
from canvas.domain.redaction import redact
from canvas.ledger import sealing, segments, tips
from canvas.ledger.reads import head
from canvas.models import Canvas, Forgetting, Placement, Segment
from history.datasets import exporting, outputs
from history.datasets.persons import person_hash
from history.datasets.pxls import own_lines
from tests.canvas.helpers import ALICE, BOB, PALETTE, order
from tests.history.conftest import board_of, draw_many, run

pytestmark = pytest.mark.both_databases
ALL = [name for name in exporting.NAMES if name not in ("segments", "parquet")]
SECRETS = ("alice", "bob", "user:9", "guest:", "Guest-")


def lines_of(folder: Path) -> list[str]:
    (file,) = folder.glob("*.gz")
    return gzip.decompress(file.read_bytes()).decode().splitlines()


def test_a_person_finds_their_own_pixels_and_nobody_elses(past: Canvas, tmp_path: Path) -> None:
    run("export_dataset", "main", tmp_path / "out", format="pxls")
    log = [line.encode() for line in lines_of(tmp_path / "out")]
    for person in (ALICE, BOB):
        key = run("export_dataset", "main", tmp_path / "out", person=person.id).strip().encode()
        theirs = Placement.objects.filter(actor=person.id).order_by("seq")
        assert own_lines(log, key) == list(theirs.values_list("seq", flat=True))


def test_keys_and_hashes_differ_from_export_to_export(past: Canvas, tmp_path: Path) -> None:
    keys, hashes = [], []
    for name in ("one", "two"):
        run("export_dataset", "main", tmp_path / name, format="place2017")
        keys.append(run("export_dataset", "main", tmp_path / name, person=ALICE.id))
        hashes.append({line.split(",")[1] for line in lines_of(tmp_path / name)[1:]})
    assert keys[0] != keys[1]
    assert hashes[0] & hashes[1] == {""}  # moderation's
    assert len(hashes[0]) == 4


@pytest.mark.parametrize("format", ALL)
def test_no_name_or_id_is_in_an_export(past: Canvas, tmp_path: Path, format: str) -> None:
    run("export_dataset", "main", tmp_path / "out", format=format)
    text = "\n".join(lines_of(tmp_path / "out")) + (tmp_path / "out/manifest.json").read_text()
    for secret in SECRETS:
        assert secret not in text


def test_none_is_in_one_of_columns_nor_a_deleted_account(past: Canvas, tmp_path: Path) -> None:
    theirs = Placement.objects.filter(actor=ALICE.id).order_by("seq")
    User.objects.get(pk=ALICE.id.removeprefix("user:")).delete()
    run("export_dataset", "main", folder := tmp_path / "out", format="parquet")
    tables = [pyarrow.parquet.read_table(file) for file in sorted(folder.glob("*.parquet"))]
    table = pyarrow.concat_tables(tables)
    persons = table.column("person").to_pylist()
    assert not any(secret in str(table.to_pydict()) for secret in SECRETS)
    assert theirs.exists()
    assert not any(persons[seq - 1] for seq in theirs.values_list("seq", flat=True))
    assert any(persons)


def test_a_deleted_account_is_in_no_segment_and_no_later_export(
    main: Canvas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segments, "SIZE", 64)
    draw_many("main", 200)
    run("export_dataset", "main", tmp_path / "before", format="place2017")
    list(sealing.seal("main"))
    User.objects.get(pk=ALICE.id.removeprefix("user:")).delete()
    list(sealing.seal("main"))
    theirs = Placement.objects.filter(actor=ALICE.id)
    assert theirs.exists()
    for segment in Segment.objects.all():
        content = segments.content_of(segment)
        assert b"alice" not in content
        assert ALICE.id.encode() not in content
    for format in ALL:
        run("export_dataset", "main", folder := tmp_path / format, format=format)
        rows = lines_of(folder)[0 if format == "pxls" else 1 :]
        key = run("export_dataset", "main", folder, person=ALICE.id).strip().encode()
        if format == "pxls":
            assert own_lines([row.encode() for row in rows], key) == []
            continue
        person = base64.b64encode(base64.urlsafe_b64decode(key)).decode()
        assert person not in "\n".join(rows)
        without = [seq for seq, row in enumerate(rows, 1) if ",," in row]
        assert without == list(theirs.order_by("seq").values_list("seq", flat=True))
    assert any(key for key in lines_of(tmp_path / "before"))


def test_an_export_that_began_before_begins_anew(
    main: Canvas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names written before an account was deleted are not published afterwards."""
    draw_many("main", 90)
    monkeypatch.setattr(exporting, "CHUNK", 20)
    monkeypatch.setattr(outputs.TextOutput, "chunks", 1)
    write = outputs.TextOutput.write

    def interrupted(self: Any, file: Any, batches: Any, first: int) -> None:
        write(self, file, batches, first)
        if first > 40:
            delete_alice()
            raise OSError(errno.ENOSPC, "No space left on device")

    def deleting(self: Any, file: Any, batches: Any, first: int) -> None:
        write(self, file, batches, first)
        User.objects.filter(pk=BOB.id.removeprefix("user:")).delete()

    monkeypatch.setattr(outputs.TextOutput, "write", interrupted)
    with pytest.raises(CommandError, match="full"):
        run("export_dataset", "main", tmp_path / "out", format="place2017")
    monkeypatch.setattr(outputs.TextOutput, "write", deleting)
    with pytest.raises(CommandError, match="An account was deleted meanwhile"):
        run("export_dataset", "main", tmp_path / "out", format="place2017")
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(outputs.TextOutput, "write", write)
    run("export_dataset", "main", tmp_path / "out", format="place2017")
    files = sorted((tmp_path / "out").glob("*.gz"))
    rows = [row for file in files for row in gzip.decompress(file.read_bytes()).split()[1:]]
    gone = Placement.objects.filter(actor__in=[ALICE.id, BOB.id]).order_by("seq")
    without = [seq for seq, row in enumerate(rows, 1) if b",," in row]
    assert without == list(gone.values_list("seq", flat=True))


def delete_alice() -> None:
    User.objects.get(pk=ALICE.id.removeprefix("user:")).delete()


def test_who_is_about_to_be_forgotten_is_nobody_already(main: Canvas, tmp_path: Path) -> None:
    draw_many("main", 9)
    Forgetting.objects.create(actor=ALICE.id)
    run("export_dataset", "main", tmp_path / "out", format="place2017")
    assert sum(",," in line for line in lines_of(tmp_path / "out")) == 3


def test_the_database_makes_the_same_hashes(main: Canvas) -> None:
    from history.datasets.ledger import batches

    services.place("main", [order(person=ALICE), order(3, 4, person=BOB)])
    (batch,) = batches(head("main").meta, 0, 2, b"k" * 32)
    assert [bytes(each) for each in batch.persons] == [
        person_hash(b"k" * 32, ALICE.id),
        person_hash(b"k" * 32, BOB.id),
    ], connection.vendor


@pytest.mark.slow
@pytest.mark.parametrize("format", exporting.NAMES)
def test_a_folded_export_shows_what_pictures_show(
    main: Canvas, tmp_path: Path, format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the beginning, before, within, between and after redactions that overlap."""
    draw_many("main", 60)
    services.configure("main", {"width": 34})
    draw_many("main", 60, start=500)
    hidden = [[2, 2, 20, 12, 30, 90], [10, 5, 24, 20, 50, 100]]
    hidden += [[0, 0, 3, 3, 0, 10], [5, 5, 9, 9, 110, 10**6]]
    services.configure("main", {"redacted": hidden, "palette": [*PALETTE, "#010203"]})
    monkeypatch.setattr(exporting, "CHUNK", 50)
    monkeypatch.setattr("history.datasets.strips.CHUNK", 50)
    run("export_dataset", "main", tmp_path / "out", format=format)
    run("import_dataset", "copy", tmp_path / "out", f"--work={tmp_path / 'w'}")
    meta, seq = head("main")
    assert board_of("copy") == shown(seq)
    copies = {board_of("copy", each) for each in range(1, head("copy").seq + 1)}
    for at in (1, 9, 10, 11, 29, 30, 31, 49, 50, 60, 61, 89, 90, 91, 100, 101, 109, 110, 119):
        assert shown(at) in copies, at
    texts = [file.read_bytes() for file in (tmp_path / "out").iterdir()]
    assert not any(b"redact" in text for text in texts)


def shown(seq: int) -> bytes:
    meta = head("main").meta
    board: Board = tips.load(meta, seq)
    redact(board, meta.redacted)
    return bytes(board.cells)
