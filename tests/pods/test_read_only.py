"""A pod as in its image: without privileges, and with one writable folder."""

import json
import os
import shlex
import subprocess
import urllib.request
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.processes import MANAGE, ROOT, ServerProcess

LOCK = """
mount --make-rprivate / && mount -t tmpfs tmpfs "$1" && mount -o remount,ro,bind / || exit 70
shift
exec setpriv --no-new-privs --bounding-set=-all --inh-caps=-all -- "$@"
"""


def locked(scratch: Path, command: Sequence[str]) -> list[str]:
    """Return the command, run so that it can write to that folder alone."""
    return ["unshare", "--mount", "sh", "-c", LOCK, "sh", str(scratch), *command]


def allowed(scratch: Path) -> bool:
    return subprocess.run(locked(scratch, ["true"]), capture_output=True).returncode == 0


pytestmark = [
    pytest.mark.core,
    pytest.mark.pods,
    pytest.mark.skipif(
        os.geteuid() != 0 or not allowed(Path("/tmp")), reason="only root may mount, and not here"
    ),
]


class LockedPod(ServerProcess):
    """A pod whose database is in that folder, because PostgreSQL's belongs to another user."""

    def launch_command(self) -> list[str]:
        scratch = self.directory / "scratch"
        scratch.mkdir()
        self.environment["TMPDIR"] = str(scratch)
        self.environment["DATABASE_URL"] = f"sqlite:///{scratch}/database"
        migrate = [*MANAGE, "migrate", "--verbosity=0"]
        both = ["sh", "-c", f'{shlex.join(migrate)} && exec "$@"', "sh"]
        return locked(scratch, [*both, *super().launch_command()])


@pytest.mark.parametrize("place", [ROOT, Path("/var/tmp"), Path.home()], ids=str)
def test_it_can_write_nowhere_else(place: Path, tmp_path: Path) -> None:
    refused = subprocess.run(
        locked(tmp_path, ["touch", str(place / "written")]), capture_output=True, text=True
    )
    assert "Read-only file system" in refused.stderr
    written = subprocess.run(locked(tmp_path, ["touch", str(tmp_path / "written")]))
    assert written.returncode == 0


def test_a_pod_serves_logs_and_stops() -> None:
    with LockedPod() as pod:
        pixel = json.dumps({"x": 1, "y": 2, "color": "#FF0000"}).encode()
        headers = {"Content-Type": "application/json"}
        for path, body, method in (("/", None, "GET"), ("/api/pixel", pixel, "PUT")):
            request = urllib.request.Request(pod.base_url + path, body, headers, method=method)
            with urllib.request.urlopen(request) as answer:
                assert answer.status == 200
        assert pod.stop() == 0
        last = json.loads(pod.output().splitlines()[-1])
    assert last["message"].startswith("draining")
