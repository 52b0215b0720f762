"""A process with unsafe settings does not start, and its error names the setting."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from secrets import token_urlsafe

import pytest
from django.core.exceptions import ImproperlyConfigured

from pixelsite.conf.env import Environment
from pixelsite.conf.redis import redis_host
from pixelsite.conf.safety import KEY_LENGTH, KEY_VARIETY, check_secret_key
from tests.support.processes import MANAGE, ROOT

KEY = token_urlsafe(50)
PRODUCTION = {"SECRET_KEY": KEY, "TRUSTED_PROXIES": "1", "ALLOWED_HOSTS": "canvas.example.com"}


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `manage.py` with these settings and the defaults of all others."""
    bare = {"PATH": os.environ["PATH"], "DATABASE_URL": "sqlite://:memory:", **environment}
    return subprocess.run([*MANAGE, *arguments], cwd=ROOT, env=bare, capture_output=True, text=True)


@pytest.mark.slow
def test_a_production_pod_passes_every_check_of_django() -> None:
    checked = manage("check", "--deploy", "--fail-level=WARNING", **PRODUCTION)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "abc" * 20}, "SECRET_KEY"),
        ({"TRUSTED_PROXIES": "0"}, "HTTPS_ONLY"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "canvas.example.com,*"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "."}, "ALLOWED_HOSTS"),
        ({"ALLOWED_ORIGINS": "*"}, "ALLOWED_ORIGINS"),
        ({"ALLOWED_ORIGINS": "https://*"}, "ALLOWED_ORIGINS"),
        ({"ALLOWED_ORIGINS": "friend.example"}, "ALLOWED_ORIGINS"),
        ({"ALLOWED_ORIGINS": "http://friend.example"}, "HTTPS_ONLY"),
        ({"SITE_URL": "canvas.example.com"}, "SITE_URL"),
        ({"SITE_URL": "https://canvas.example.com/path"}, "SITE_URL"),
        ({"SITE_URL": "http://canvas.example.com"}, "SITE_URL"),
        ({"DEBUG": "1"}, "DEBUG"),
        ({"DEBUG": "1", "ALLOWED_HOSTS": "*"}, "DEBUG"),
        ({"REDIS_URL": "redis://redis.example.com"}, "REDIS_INSECURE"),
    ],
    ids=lambda value: "-".join(value.values()) if isinstance(value, dict) else value,
)
def test_it_does_not_start_unsafe(changed: dict[str, str], named: str) -> None:
    refused = manage("check", **(PRODUCTION | changed))
    assert refused.returncode != 0
    assert named in refused.stderr.splitlines()[-1]


NOT_OURS = {".git", ".venv", ".mypy_cache", "node_modules", "static-collected", ".run", ".bench"}
QUOTED = re.compile(r"""secret[-_]key(?:_file)?["']?\s*[:=]\s*(["'])(.+?)\1""", re.IGNORECASE)
BARE = re.compile(r"""secret[-_]key(?:=|:\s)(.+)""", re.IGNORECASE)  # in all but Python


def published() -> Iterator[tuple[str, str]]:
    """Yield each text that stands in the repository as a secret key, with its file.

    A value without quotation marks ends with its word, its comment or its line, by who reads it.
    """
    for folder, folders, files in os.walk(ROOT):
        folders[:] = sorted(set(folders) - NOT_OURS)
        for path in (Path(folder, name) for name in files):
            try:
                text = path.read_text()
            except (UnicodeDecodeError, OSError):
                continue
            name = str(path.relative_to(ROOT))
            yield from ((name, key) for _mark, key in QUOTED.findall(text))
            if path.suffix == ".py" or "python" in text.partition("\n")[0]:
                continue
            for value in map(str.strip, BARE.findall(text)):
                words = {value.split()[0]}
                if path.name != "Dockerfile":
                    words |= {value, before_comment(value)}
                yield from ((name, key) for key in words)


def before_comment(value: str) -> str:
    return re.split(r"\s#", value)[0].strip()


def is_long_enough(key: str) -> bool:
    return len(key) >= KEY_LENGTH and len(set(key)) >= KEY_VARIETY


def test_keys_that_everybody_can_read_are_refused() -> None:
    found = {(name, key) for name, key in published() if is_long_enough(key)}
    accepted = []
    for name, key in sorted(found):
        check_secret_key(key, ["localhost", "127.0.0.1", "canvas.localhost"])
        with suppress(ImproperlyConfigured):
            check_secret_key(key, ["localhost", "canvas.example.com"])
            accepted.append((name, key))
    assert accepted == []
    assert {name for name, _key in found} >= {
        ".env.example",
        "bench/rig.py",
        "deploy/Dockerfile",
        "deploy/k8s/overlays/dev/kustomization.yaml",
        "tests/services.py",
        "tests/support/processes.py",
    }


@pytest.mark.slow
@pytest.mark.parametrize("hosts", ["localhost", "127.0.0.1,[::1],192.168.1.7,canvas.localhost"])
def test_development_is_for_this_machine_and_network(hosts: str) -> None:
    assert manage("check", DEBUG="1", ALLOWED_HOSTS=hosts).returncode == 0


@pytest.mark.parametrize(
    "given",
    [
        {"REDIS_URL": "redis://r"},
        {"REDIS_URL": "redis://:pw@r"},
        {"REDIS_URL": "rediss://r"},
        {"REDIS_URL": "redis://192.168.1.7"},
        {"REDIS_SENTINELS": "127.0.0.1:1,r:1", "REDIS_PASSWORD": "pw"},
    ],
    ids=lambda given: "-".join(given.values()),
)
def test_a_redis_elsewhere_needs_a_password_and_tls(given: dict[str, str]) -> None:
    with pytest.raises(ImproperlyConfigured, match="REDIS_INSECURE"):
        redis_host(Environment(given))
    assert redis_host(Environment({**given, "REDIS_INSECURE": "1"}))


@pytest.mark.parametrize(
    "url", ["redis://localhost", "redis://[::1]:6379", "unix:///run/redis.sock", "rediss://:pw@r"]
)
def test_a_redis_on_this_machine_or_with_tls_is_accepted(url: str) -> None:
    assert redis_host(Environment({"REDIS_URL": url}))
