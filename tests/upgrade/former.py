"""The code of a former version, as a folder of its own beside this one."""

import io
import os
import subprocess
import tarfile
from pathlib import Path

import pytest

from tests.support.processes import ROOT

# The first commit that speaks the wire format of today: messages between pods are signed, and one
# tells of a whole commit. Its migrations end with canvas 0015; its requirements are among ours.
COMMIT = "f5ecddcb489ec6094c7d0edac6db8ed85b39512c"
LAST_MIGRATIONS = {
    "accounts": "0007_bans_append_only",
    "canvas": "0015_spent_charges",
    "moderation": "0005_no_truncate",
}


def is_known(commit: str) -> bool:
    """Tell whether this clone has the commit: a shallow one has not."""
    found = subprocess.run(
        ["git", "cat-file", "-e", f"{commit}^{{commit}}"], cwd=ROOT, capture_output=True
    )
    return found.returncode == 0


def need(commit: str) -> None:
    """Skip the test where this clone lacks the commit; under NO_SKIPS=1 fail instead."""
    if not is_known(commit):
        end = pytest.fail if os.environ.get("NO_SKIPS") == "1" else pytest.skip
        end(f"this clone has no commit {commit}: fetch the whole history (git fetch --unshallow)")


def extract(commit: str, folder: Path) -> None:
    """Write the tree of a commit into a folder."""
    tree = subprocess.run(
        ["git", "archive", commit], cwd=ROOT, capture_output=True, check=True
    ).stdout
    with tarfile.open(fileobj=io.BytesIO(tree)) as archive:
        archive.extractall(folder, filter="data")
