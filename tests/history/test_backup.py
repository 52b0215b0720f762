"""Backups: what comes back is what was there; of a folder that was touched nothing comes back."""

import json
import shutil
from hashlib import sha256
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError

from accounts import tokens
from accounts.models import AccessToken
from canvas import services
from canvas.ledger import reads, revisions, sealing, segments
from canvas.ledger.reads import head
from canvas.models import Canvas, Placement, Segment
from history.files import alone_in
from tests.canvas.helpers import ALICE, keep, order
from tests.history.conftest import board_of, draw_many, run

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("small_segments")]


def forget_all() -> None:
    """Empty the site, as a new database is but for the canvas of the migrations."""
    keep(Placement.objects.none())
    Canvas.objects.all().delete()
    User.objects.all().delete()
    Canvas.objects.create(slug="main")


def history_of(slug: str) -> list[tuple[object, ...]]:
    rows = Placement.objects.filter(canvas__slug=slug).order_by("seq")
    fields = ("seq", "x", "y", "color", "program", "placed_at")
    return [(*row[:-1], reads.milliseconds(row[-1])) for row in rows.values_list(*fields)]


def sealed(slug: str) -> list[str]:
    rows = Segment.objects.filter(canvas__slug=slug).order_by("first_seq")
    return list(rows.values_list("sha256", flat=True))


@pytest.mark.slow
def test_what_comes_back_is_what_was_there(past: Canvas, tmp_path: Path) -> None:
    Canvas.objects.create(slug="empty", width=7, height=5)
    list(sealing.seal("main"))
    before = history_of("main"), sealed("main"), revisions.metas(head("main").meta)
    boards = {seq: board_of("main", seq) for seq in range(0, past.seq + 1, 10)}
    run("backup", tmp_path / "b")
    forget_all()
    told = run("restore", tmp_path / "b")
    assert f"main: all equal at seq {past.seq}." in told
    assert "empty: all equal at seq 0." in told
    assert (history_of("main"), sealed("main")) == before[:2]
    metas = revisions.metas(head("main").meta)
    looks = [
        [(seq, m.width, m.height, m.palette, m.epoch) for seq, m in each]
        for each in (before[2], metas)
    ]
    assert looks[1][:-1] == looks[0]
    assert metas[-1][1].epoch not in {meta.epoch for _seq, meta in before[2]}
    assert all(board_of("main", seq) == board for seq, board in boards.items())
    assert not Placement.objects.exclude(username__in=["[deleted]", "[moderation]"]).exists()
    services.configure("main", {"frozen": False})
    draw_many("main", 80, start=5000)
    list(sealing.seal("main"))
    run("verify_canvas", "main", full=True)


@pytest.mark.slow
def test_names_and_accounts_come_back_where_they_are_asked_for(
    past: Canvas, tmp_path: Path
) -> None:
    alice = User.objects.get(pk=ALICE.id.removeprefix("user:"))
    alice.set_password("a secret of hers")
    alice.save()
    tokens.issue(alice, "robot", ["place"])
    who = list(Placement.objects.order_by("seq").values_list("actor", "username", "restores"))
    run("backup", tmp_path / "b", names=True, accounts=True)
    run("backup", tmp_path / "names", names=True)
    forget_all()
    run("restore", tmp_path / "b")
    found = list(Placement.objects.order_by("seq").values_list("actor", "username", "restores"))
    assert found == [
        ("operation:import", *each[1:]) if "operation" in each[0] else each for each in who
    ]
    alice.refresh_from_db()
    assert alice.check_password("a secret of hers")
    assert AccessToken.objects.get(user=alice).scopes == ["place"]
    assert User.objects.create(username="carol").pk > alice.pk
    forget_all()
    run("restore", tmp_path / "names")
    actors = set(Placement.objects.values_list("actor", flat=True))
    assert f"former:{ALICE.id}" in actors
    assert not any(each.startswith("user:") for each in actors)


def test_a_backup_is_private_and_holds_no_names_unless_asked(past: Canvas, tmp_path: Path) -> None:
    run("backup", tmp_path / "b")
    assert (tmp_path / "b").stat().st_mode & 0o077 == 0
    paths = {each.name for each in (tmp_path / "b").rglob("*")}
    assert not any("people" in name or "accounts" in name for name in paths)


def spoiled(folder: Path, how: str) -> str:
    """Spoil a backup; return what the refusal must name."""
    files = sorted((folder / "main/segments").iterdir())
    victim = files[1]
    content = bytearray(victim.read_bytes())
    name = victim.relative_to(folder).as_posix()
    if how == "altered":
        content[len(content) // 2] ^= 1
        victim.write_bytes(content)
        return f"{name}, byte 0: it was changed there or after it"
    if how == "truncated":
        victim.write_bytes(content[:-7])
        return f"{name}, byte {len(content) - 7}: it ends here, not at {len(content)}"
    if how == "longer":
        victim.write_bytes(content + b"x")
        return f"{name}, byte"
    if how == "missing":
        victim.unlink()
        return f"{name}, byte 0: it is missing"
    if how == "foreign":
        (folder / "main/segments/mine.gz").write_bytes(b"x")
        return "main/segments/mine.gz, byte 0: it is not of this backup"
    if how == "swapped":
        shutil.copy(files[2], victim)
        return f"{name}, byte"
    note = folder / "manifest.json"
    note.write_text(note.read_text().replace('"seq": 1', '"seq": 2', 1))
    return "manifest.json, byte 0: it is another file than manifest.sha256 names"


SPOILED = ["altered", "truncated", "longer", "missing", "foreign", "swapped", "manifest"]


@pytest.mark.parametrize("how", SPOILED)
def test_a_folder_that_was_touched_is_refused_whole(past: Canvas, tmp_path: Path, how: str) -> None:
    run("backup", tmp_path / "b", names=True, accounts=True)
    forget_all()
    named = spoiled(tmp_path / "b", how)
    with pytest.raises(CommandError) as refused:
        run("restore", tmp_path / "b")
    assert named in str(refused.value)
    assert not Placement.objects.exists()
    assert not User.objects.exists()


def signed(folder: Path, manifest: dict[str, object]) -> None:
    content = json.dumps(manifest).encode()
    (folder / "manifest.json").write_bytes(content)
    (folder / "manifest.sha256").write_text(sha256(content).hexdigest())


@pytest.mark.parametrize("how", ["order", "revisions", "seq", "keyframe", "hash", "kind"])
def test_a_manifest_that_contradicts_the_chain_is_refused(
    past: Canvas, tmp_path: Path, how: str
) -> None:
    list(sealing.seal("main"))
    run("backup", folder := tmp_path / "b")
    forget_all()
    manifest = json.loads((folder / "manifest.json").read_text())
    canvas = manifest["canvases"][0]
    if how == "order":
        canvas["segments"][:2] = reversed(canvas["segments"][:2])
    elif how == "revisions":
        canvas["revisions"][1]["rules"]["width"] = 31
    elif how == "seq":
        canvas["seq"] -= 1
    elif how == "keyframe":
        one, other = canvas["keyframes"][:2]
        one["path"], other["path"] = other["path"], one["path"]
    elif how == "hash":
        canvas["segments"][0]["sha256"] = "0" * 64
    else:
        manifest["kind"] = "a holiday"
    signed(folder, manifest)
    with pytest.raises(CommandError, match=r"byte \d+"):
        run("restore", folder)
    assert not Placement.objects.exists()


def test_a_folder_that_is_no_backup_is_refused(main: Canvas, tmp_path: Path) -> None:
    for text in ("[]", "{}", "not json", '{"kind": 3}'):
        (tmp_path / "manifest.json").write_text(text)
        (tmp_path / "manifest.sha256").write_text(sha256(text.encode()).hexdigest())
        with pytest.raises(CommandError, match="it is no manifest of ours"):
            run("restore", tmp_path)
    with pytest.raises(CommandError, match="this is no backup"):
        run("restore", tmp_path / "nowhere")


def test_nothing_that_is_there_is_lost(past: Canvas, tmp_path: Path) -> None:
    run("backup", tmp_path / "b", accounts=True)
    with pytest.raises(CommandError, match="has 21. placements: they would be lost"):
        run("restore", tmp_path / "b")
    with pytest.raises(CommandError, match="is there already"):
        run("backup", tmp_path / "b")
    keep(Placement.objects.none())
    Canvas.objects.all().delete()
    with pytest.raises(CommandError, match="There are accounts already"):
        run("restore", tmp_path / "b")
    assert not Canvas.objects.exists()


def test_a_backup_can_be_checked_alone(past: Canvas, tmp_path: Path) -> None:
    run("backup", tmp_path / "b", "main")
    assert "whole" in run("restore", tmp_path / "b", check=True)
    spoiled(tmp_path / "b", "altered")
    with pytest.raises(CommandError, match="was changed"):
        run("restore", tmp_path / "b", check=True)


def test_a_full_disk_leaves_no_backup(
    past: Canvas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno

    def fail(_path: Path, _content: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("history.files.os.fsync", lambda _fd: fail(tmp_path, b""))
    with pytest.raises(CommandError, match="the disk is full"):
        run("backup", tmp_path / "b")
    assert list(tmp_path.iterdir()) == []


def test_a_restoring_that_ends_early_has_made_a_new_past(
    past: Canvas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a page of before would go on where the new ledger has other pixels."""

    def killed(_slug: str) -> None:
        raise KeyboardInterrupt

    run("backup", tmp_path / "b")
    before = head("main").meta.epoch
    forget_all()
    monkeypatch.setattr(sealing, "seal", killed)
    with pytest.raises(KeyboardInterrupt):
        run("restore", tmp_path / "b")
    assert head("main").meta.epoch != before


def test_of_two_backups_to_one_folder_the_second_is_refused(past: Canvas, tmp_path: Path) -> None:
    with alone_in(tmp_path / "b.part"):
        (tmp_path / "b.part" / "theirs").touch()
        with pytest.raises(CommandError, match="another process is writing there"):
            run("backup", tmp_path / "b")
        assert (tmp_path / "b.part" / "theirs").exists()
    run("backup", tmp_path / "b")
    assert not (tmp_path / "b" / "theirs").exists()
    assert (tmp_path / "b").stat().st_mode & 0o777 == 0o700


def test_what_is_placed_meanwhile_is_not_in_it(main: Canvas, tmp_path: Path) -> None:
    draw_many("main", 100)
    read = segments.one_by_one

    def reading(rows: object) -> object:
        services.place("main", [order(9, 9)])
        return read(rows)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segments, "one_by_one", reading)
        run("backup", tmp_path / "b")
    end = json.loads((tmp_path / "b/manifest.json").read_text())["canvases"][0]["seq"]
    assert end < head("main").seq
    forget_all()
    run("restore", tmp_path / "b")
    assert len(history_of("main")) == end
