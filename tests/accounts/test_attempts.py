"""One limit for every place where a password is tried: by network, by account, by browser."""

from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import User
from django.test import Client

from accounts import attempts, bans, limits
from accounts.limits import Limiter
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db

TOO_MANY, FORBIDDEN = HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.FORBIDDEN
Try = Callable[[Client, str, str], Any]


@pytest.fixture
def root(db: None) -> User:
    return User.objects.create_superuser("alice", "alice@example.org", PASSWORD)


def log_in(client: Client, address: str, password: str = "wrong") -> Any:
    said = {"username": "alice", "password": password}
    return client.post("/accounts/login/", said, REMOTE_ADDR=address)


def log_in_at_admin(client: Client, address: str, password: str = "wrong") -> Any:
    said = {"username": "alice", "password": password}
    return client.post("/admin/login/", said, REMOTE_ADDR=address)


def change(client: Client, address: str, password: str = "wrong") -> Any:
    new = "another long password"
    said = {"old_password": password, "new_password1": new, "new_password2": new}
    return client.post("/accounts/password/", said, REMOTE_ADDR=address)


def delete(client: Client, address: str, password: str = "wrong") -> Any:
    return client.post("/accounts/delete/", {"password": password}, REMOTE_ADDR=address)


STRANGERS, OWN = (log_in, log_in_at_admin), (change, delete)


def addresses() -> Iterator[str]:
    return (f"198.51.{number // 250}.{number % 250 + 1}" for number in range(1000))


@pytest.mark.slow
@pytest.mark.parametrize("attempt", [*STRANGERS, *OWN])
def test_one_network_has_twenty_tries_a_minute_wherever_they_are(
    attempt: Try, static_files: None, root: User
) -> None:
    client = Client()
    if attempt in OWN:
        client.force_login(root)
    statuses = [attempt(client, "192.0.2.7", "wrong").status_code for _ in range(20)]
    assert set(statuses) == {HTTPStatus.OK}
    refused = attempt(client, "192.0.2.7", PASSWORD)
    assert refused.status_code == TOO_MANY
    assert "Too often" in refused.content.decode()
    assert log_in_at_admin(Client(), "192.0.2.7", PASSWORD).status_code == TOO_MANY


@pytest.mark.parametrize("attempt", STRANGERS)
@pytest.mark.parametrize(
    ("networks", "most"), [("2001:db8:0:1{:02x}::1", 4), ("2001:db8:0:{:x}00::1", 16)]
)
def test_networks_of_one_customer_count_together(
    attempt: Try,
    networks: str,
    most: int,
    static_files: None,
    root: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A /56 has four times the tries of a /64, a /48 sixteen times."""
    monkeypatch.setattr(attempts, "OF_NETWORK", attempts.OF_NETWORK._replace(max_events=1))
    monkeypatch.setattr(attempts, "OF_ACCOUNT", attempts.OF_ACCOUNT._replace(max_events=1000))
    statuses = [
        attempt(Client(), networks.format(number), "wrong").status_code
        for number in range(most + 1)
    ]
    assert statuses == [HTTPStatus.OK] * most + [TOO_MANY]


@pytest.mark.slow
@pytest.mark.parametrize("attempt", STRANGERS)
def test_one_account_has_thirty_tries_an_hour_from_all_networks(
    attempt: Try, static_files: None, root: User
) -> None:
    tried = addresses()
    statuses = [attempt(Client(), next(tried), "wrong").status_code for _ in range(30)]
    assert set(statuses) == {HTTPStatus.OK}
    for place in STRANGERS:
        assert place(Client(), next(tried), PASSWORD).status_code == TOO_MANY


@pytest.mark.slow
def test_a_name_without_an_account_is_limited_alike(static_files: None, db: None) -> None:
    tried = addresses()
    statuses = [log_in(Client(), next(tried)).status_code for _ in range(31)]
    assert statuses == [HTTPStatus.OK] * 30 + [TOO_MANY]


@pytest.mark.slow
def test_strangers_cannot_lock_out_a_browser_that_has_logged_in_before(
    static_files: None, root: User
) -> None:
    at_home = Client()
    assert log_in(at_home, "203.0.113.1", PASSWORD).status_code == HTTPStatus.FOUND
    at_home.post("/accounts/logout/")
    tried = addresses()
    while log_in(Client(), next(tried)).status_code != TOO_MANY:
        pass
    assert log_in(at_home, "203.0.113.1", PASSWORD).status_code == HTTPStatus.FOUND
    statuses = [change(at_home, next(tried)).status_code for _ in range(31)]
    assert statuses[-1] == TOO_MANY, "that browser has a limit as well"


@pytest.mark.slow
def test_the_cookie_of_one_account_is_worth_nothing_for_another(
    static_files: None, root: User
) -> None:
    own = Client()
    User.objects.create_user("mallory", password=PASSWORD)
    said = {"username": "mallory", "password": PASSWORD}
    assert own.post("/accounts/login/", said).status_code == HTTPStatus.FOUND
    own.post("/accounts/logout/")
    tried = addresses()
    statuses = [log_in(own, next(tried)).status_code for _ in range(31)]
    assert statuses[-1] == TOO_MANY


@pytest.mark.slow
def test_a_refused_network_does_not_use_up_the_account(static_files: None, root: User) -> None:
    for _ in range(40):
        log_in(Client(), "192.0.2.7")
    assert log_in(Client(), "203.0.113.1", PASSWORD).status_code == HTTPStatus.FOUND


@pytest.mark.parametrize("attempt", STRANGERS)
def test_a_banned_network_does_not_get_in(attempt: Try, static_files: None, root: User) -> None:
    bans.ban(network="192.0.2.0/24", reason="a flood")
    refused = attempt(Client(), "192.0.2.7", PASSWORD)
    assert refused.status_code == FORBIDDEN
    assert attempt(Client(), "203.0.113.1", PASSWORD).status_code == HTTPStatus.FOUND


def test_the_shadow_list_does_not_show_itself_at_the_log_in(static_files: None, root: User) -> None:
    bans.ban(network="192.0.2.0/24", reason="a flood", shadow=True)
    assert log_in(Client(), "192.0.2.7", PASSWORD).status_code == HTTPStatus.FOUND


def test_what_is_typed_does_not_stand_in_the_keys(root: User, static_files: None) -> None:
    limiter = Limiter()
    limits._without_pod = limiter
    Client().post("/accounts/login/", {"username": "my secret password", "password": "x"})
    keys = [*limiter._own._periods]
    assert len(keys) == 2
    assert not any("secret" in key for key in keys)


@pytest.mark.parametrize("attempt", [*STRANGERS, *OWN])
def test_beyond_a_limit_no_password_is_hashed(
    attempt: Try, static_files: None, root: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hash takes 0.4 s of a core: who has had its tries costs no more of them."""
    client = Client()
    if attempt in OWN:
        client.force_login(root)
    monkeypatch.setattr(attempts, "OF_NETWORK", attempts.OF_NETWORK._replace(max_events=1))
    assert attempt(client, "192.0.2.7", "wrong").status_code == HTTPStatus.OK

    def hash_one(*_: object) -> str:
        raise AssertionError("a password is hashed")

    monkeypatch.setattr(MD5PasswordHasher, "encode", hash_one)
    assert attempt(client, "192.0.2.7", PASSWORD).status_code == TOO_MANY
