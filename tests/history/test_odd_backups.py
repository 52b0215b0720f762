"""Backups that are odd in ways that their checksums do not tell: refused whole, by file."""

import gzip
import json
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError

from canvas import services
from canvas.models import Canvas, Placement
from history.backup import accounts, checking, manifest
from tests.canvas.helpers import order
from tests.history.conftest import run
from tests.history.test_backup import forget_all, signed

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("small_segments")]

ODD: tuple[Any, ...] = (None, "", "../x", -1, 2**70, 1.5, [], {}, [None], "\x00", True)


@pytest.fixture
def backup(past: Canvas, tmp_path: Path) -> Path:
    """A backup of a site that has been emptied since."""
    run("backup", folder := tmp_path / "b", names=True, accounts=True)
    forget_all()
    return folder


def refused(folder: Path, match: str) -> None:
    with pytest.raises(CommandError, match=match):
        run("restore", folder)
    assert not Placement.objects.exists()
    assert not User.objects.exists()


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield where each field of a JSON value is; of a list the first item."""
    items = value.items() if isinstance(value, dict) else enumerate(value[:1])
    for key, inner in items:
        yield (*path, key)
        if isinstance(inner, dict | list):
            yield from places(inner, (*path, key))


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


@pytest.mark.slow
def test_no_field_of_the_manifest_may_be_odd_or_missing(backup: Path) -> None:
    whole, taken = (backup / manifest.NAME).read_text(), []
    for path in places(json.loads(whole)):
        for odd in (..., *ODD):
            changed = json.loads(whole)
            parent = at(changed, path[:-1])
            if odd is ...:
                del parent[path[-1]]
            else:
                parent[path[-1]] = odd
            if changed == json.loads(whole) or "rules" in path or path[-1] in ("made_at", "site"):
                continue
            signed(backup, changed)
            with suppress(CommandError):
                run("restore", backup, check=True)
                taken.append((path, odd))
    assert not taken
    assert not Placement.objects.exists()


@pytest.mark.parametrize("path", [(), ("canvases", 0), ("canvases", 0, "segments", 0)])
def test_a_field_that_is_not_known_is_named(backup: Path, path: tuple[Any, ...]) -> None:
    found = json.loads((backup / manifest.NAME).read_text())
    at(found, path)["later"] = 1
    signed(backup, found)
    refused(backup, r"manifest.json, byte 0: .*later is not known")


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("id", 7, "id is no rule"),
        ("seq", 10**6, "seq is no rule"),
        ("width", 10**9, "A side has|width"),
        ("height", 0, "height"),
        ("palette", ["#FFFFFF"] * 300, "2 to 256 colours"),
        ("epoch", -1, "epoch"),
        ("cooldown_seconds", "soon", "manifest|must be"),
    ],
)
def test_rules_that_cannot_be_are_refused(
    backup: Path, field: str, value: Any, reason: str
) -> None:
    found = json.loads((backup / manifest.NAME).read_text())
    for revision in found["canvases"][0]["revisions"]:
        revision["rules"][field] = value
    signed(backup, found)
    refused(backup, reason)


def test_links_and_other_folders_are_not_followed(backup: Path, tmp_path: Path) -> None:
    file = next((backup / "main/segments").iterdir())
    name = file.relative_to(backup).as_posix()
    file.rename(outside := tmp_path / "outside.gz")
    file.symlink_to(outside)
    refused(backup, f"{name}, byte 0: it is a symbolic link")
    file.unlink()
    shutil.copy(outside, file)
    whole = json.loads((backup / manifest.NAME).read_text())
    whole["canvases"][0]["segments"][0]["path"] = "../outside.gz"
    signed(backup, whole)
    refused(backup, r"\.\./outside.gz, byte 0: it is not of this backup")
    (backup / "main/loop").symlink_to(backup)
    refused(backup, "main/loop, byte 0: it is a symbolic link")


def test_files_of_another_backup_are_refused(past: Canvas, tmp_path: Path) -> None:
    run("backup", one := tmp_path / "one")
    services.place("main", [order(1, 1)])
    run("backup", other := tmp_path / "other")
    forget_all()
    last = sorted((one / "main/segments").iterdir())[-1].name
    shutil.copy(other / "main/segments" / last, one / "main/segments" / last)
    refused(one, rf"main/segments/{last}, byte \d+: it")
    shutil.copy(other / manifest.NAME, one / manifest.NAME)
    refused(one, "manifest.json, byte 0: it is another file than manifest.sha256 names")


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100_000,
        b'{"people": [["user:1"]], "who": [], "restores": {}}',
        b'{"people": [[1, 2]], "who": [%b0], "restores": {}}' % (b"0," * 63),
        b'{"people": [["a", "%b"]], "who": [%b0], "restores": {}}' % (b"n" * 400, b"0," * 63),
        b'{"people": [["a", "b"]], "who": [%b0], "restores": {"1": "x"}}' % (b"0," * 63),
        b'{"people": [["a", "\\u0000"]], "who": [%b0], "restores": {}}' % (b"0," * 63),
    ],
)
def test_people_that_cannot_be_are_refused(backup: Path, content: bytes) -> None:
    rewrite(backup, "main/people/000000000001.json.gz", gzip.compress(content))
    refused(backup, "main/people/000000000001.json.gz, byte 0: it holds no people")


@pytest.mark.parametrize(
    "content",
    [
        b"not gzipped",
        gzip.compress(b"[" * 100_000),
        gzip.compress(b"x" * (accounts.MAX_LINE + 1)),
        gzip.compress(b'{"model": "auth.user"}\n')[:-6],
        gzip.compress(b'{"model": "auth.user", "pk": 1, "fields": {"username": null}}\n'),
        gzip.compress(b'{"model": "auth.group", "pk": 1, "fields": {}}\n'),
    ],
)
def test_accounts_that_cannot_be_are_refused(backup: Path, content: bytes) -> None:
    rewrite(backup, "accounts.jsonl.gz", content)
    refused(backup, "accounts.jsonl.gz, (line|byte) ")


def rewrite(folder: Path, path: str, content: bytes) -> None:
    """Put other bytes in place of a file, as a hostile hand would, with all hashes."""
    (folder / path).write_bytes(content)
    found = json.loads((folder / manifest.NAME).read_text())
    files = [each for each in found["files"] if each["path"] != path]
    signed(folder, found | {"files": [*files, manifest.describe(folder, path)]})


def test_of_two_restores_at_once_the_second_is_told(
    backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another restore has made the accounts after this one looked."""
    check = checking.check
    first = json.loads(gzip.decompress((backup / "accounts.jsonl.gz").read_bytes()).split(b"\n")[0])
    theirs = User(pk=first["pk"], username=first["fields"]["username"], email="of@the.first")

    def checked(*arguments: Any) -> Any:
        found = check(*arguments)
        monkeypatch.setattr(accounts, "check_free", theirs.save)
        return found

    monkeypatch.setattr(checking, "check", checked)
    with pytest.raises(CommandError, match=r"accounts.jsonl.gz, line \d+: it is no account"):
        run("restore", backup)
    assert not Placement.objects.exists()
    assert User.objects.get().email == "of@the.first"
