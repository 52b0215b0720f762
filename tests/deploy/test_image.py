"""The image and Compose, checked without building them."""

import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import yaml

from tests.deploy.conftest import DEPLOY
from tests.support.processes import ROOT

DOCKERFILE = DEPLOY / "Dockerfile"
APPS = {
    "accounts",
    "blueprints",
    "canvas",
    "history",
    "moderation",
    "pixelsite",
    "presence",
    "runtime",
}


def test_a_linter_finds_nothing() -> None:
    hadolint = Path(sys.executable).parent / "hadolint"
    linted = subprocess.run([hadolint, DOCKERFILE], capture_output=True, text=True)
    assert linted.returncode == 0, linted.stdout


def test_everything_that_a_pod_runs_is_copied_and_nothing_else() -> None:
    copied = re.findall(r"^COPY (?!--from)(\S+) ", DOCKERFILE.read_text(), re.MULTILINE)
    apps = {app for app in APPS if (ROOT / app).is_dir()}
    extras = {"requirements-history.txt", "requirements-otel.txt"}
    requirements = {"requirements.txt", *extras}
    assert set(copied) == {*requirements, "manage.py", "templates", *apps}
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    assert ignored[1] == "*"
    kept = [line[1:] for line in ignored if line.startswith("!")]
    assert all(any(fnmatch(name, line) for line in kept) for name in copied)


def test_its_base_can_be_named_by_digest() -> None:
    """The same for both stages, and by version where nobody names one."""
    text = DOCKERFILE.read_text()
    assert re.findall(r"^FROM (\S+)", text, re.MULTILINE) == ["${BASE}", "${BASE}"]
    (default,) = re.findall(r"^ARG BASE=(\S+)$", text.partition("\nFROM ")[0], re.MULTILINE)
    assert re.fullmatch(r"python:3\.11-slim-\w+", default)


def test_it_does_not_run_as_root() -> None:
    last_stage = DOCKERFILE.read_text().rpartition("\nFROM ")[2]
    assert re.search(r"^USER 10001:10001$", last_stage, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK ", last_stage, re.MULTILINE)


def test_compose_gives_each_service_what_it_needs() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    services = compose["services"]
    assert {"postgres", "redis", "migrate", "pod-1", "pod-2", "pod-3", "proxy"} <= services.keys()
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= services.keys(), name
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            is_file = source.startswith("./")
            assert (DEPLOY / source).exists() if is_file else source in compose["volumes"], name
    published = [port for service in services.values() for port in service.get("ports", [])]
    assert published == ["127.0.0.1:8080:8080"], "only the proxy, only for this machine"


def test_its_passwords_are_made_once(tmp_path: Path) -> None:
    shell = shutil.which("sh") or "/bin/sh"
    command = [shell, str(DEPLOY / "compose/make-secrets.sh"), str(tmp_path)]
    subprocess.run(command, check=True)
    first = {file.name: file.read_text() for file in tmp_path.iterdir()}
    assert len(first["secret-key"]) == 64
    assert first["postgres-password"] in first["owner-url"]
    assert first["pod-password"] in first["database-url"]
    assert first["pod-password"] in first["roles.sql"]
    subprocess.run(command, check=True)
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == first


def test_the_proxy_may_open_two_files_for_each_connection() -> None:
    text = (ROOT / "deploy/compose/nginx.conf").read_text()
    files, connections = (
        int(number)
        for name in ("worker_rlimit_nofile", "worker_connections")
        for number in re.findall(rf"{name} +(\d+);", text)
    )
    assert files >= 2 * connections
