"""Password hashing: one at a time, few wait, and the hashes are Django's own."""

import threading
from collections.abc import Iterator

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import User
from django.test import Client
from prometheus_client import REGISTRY

from accounts import hashers, metrics
from accounts.errors import TooManyHashes
from accounts.hashers import QueuedPasswordHasher
from runtime.slots import Slot

SALT = "a" * 22


def refused() -> float:
    return REGISTRY.get_sample_value("pixelsite_hashes_refused_total") or 0


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The queue is full: one hash is at work, and as many wait as may."""
    hashing = Slot(metrics.hashes_refused, TooManyHashes, waiting=0, patience=0.01)
    monkeypatch.setattr(hashers, "hashing", hashing)
    with hashing.turn():
        yield


@pytest.mark.django_db
def test_a_hash_is_that_of_django() -> None:
    ours = QueuedPasswordHasher().encode("password", SALT, 1000)
    assert ours == PBKDF2PasswordHasher().encode("password", SALT, 1000)
    assert QueuedPasswordHasher().verify("password", ours)


@pytest.mark.django_db
def test_hashes_are_made_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    working, most = 0, 0

    def encode(*_: object) -> str:
        nonlocal working, most
        working += 1
        most = max(most, working)
        gate.wait(0.02)
        working -= 1
        return "hash"

    gate = threading.Event()
    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", encode)
    threads = [
        threading.Thread(target=QueuedPasswordHasher().encode, args=("p", SALT)) for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


@pytest.mark.slow
@pytest.mark.django_db
def test_one_too_many_is_refused_and_counted(full: None) -> None:
    before = refused()
    with pytest.raises(TooManyHashes):
        QueuedPasswordHasher().encode("password", SALT, 1000)
    assert refused() == before + 1


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accounts/login/", "/admin/login/"])
def test_a_page_says_so_with_503(
    path: str, full: None, static_files: None, settings: object
) -> None:
    User.objects.create(username="alice", password=f"pbkdf2_sha256$1000${SALT}$x")
    settings.PASSWORD_HASHERS = ["accounts.hashers.QueuedPasswordHasher"]  # type: ignore[attr-defined]  # pytest-django's
    answer = Client().post(path, {"username": "alice", "password": "x"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "Too many log in" in answer.content.decode()
