"""The admin is there only from the hosts and networks that the settings name."""

from ipaddress import ip_network
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from accounts import bans, devices
from pixelsite.conf.networks import networks
from tests.accounts.conftest import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

PATHS = ["/admin/", "/admin/login/", "/admin/nothing", "/admin/moderation/operation/overview/"]


@pytest.fixture
def root() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    return client


def statuses(client: Client, **meta: Any) -> set[int]:
    return {client.get(path, **meta).status_code for path in PATHS}


def test_without_the_settings_it_is_everywhere(root: Client) -> None:
    assert root.get("/admin/").status_code == 200


def test_it_can_be_bound_to_a_host(root: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["canvas.example.com", "admin.example.com"]
    settings.ADMIN_HOSTS = ["admin.example.com"]
    assert statuses(root, HTTP_HOST="canvas.example.com") == {404}
    assert statuses(Client(), HTTP_HOST="canvas.example.com") == {404}
    assert root.get("/admin/", HTTP_HOST="Admin.Example.com").status_code == 200
    assert root.get("/", HTTP_HOST="canvas.example.com").status_code != 404


def test_it_can_be_bound_to_networks(root: Client, settings: Any) -> None:
    settings.ADMIN_NETWORKS = [ip_network("10.0.0.0/8"), ip_network("2001:db8::/32")]
    for inside in ("10.1.2.3", "::ffff:10.1.2.3", "2001:db8::1"):
        assert root.get("/admin/", REMOTE_ADDR=inside).status_code == 200
    for outside in ("192.0.2.7", "2001:db9::1", "", "unix"):
        assert statuses(root, REMOTE_ADDR=outside) == {404}


def test_a_forged_address_does_not_open_it(root: Client, settings: Any) -> None:
    settings.ADMIN_NETWORKS = [ip_network("10.0.0.0/8")]
    settings.TRUSTED_PROXIES = 1
    forged = {"HTTP_X_FORWARDED_FOR": "10.1.2.3, 192.0.2.7", "REMOTE_ADDR": "10.9.9.9"}
    assert statuses(root, **forged) == {404}


def test_a_banned_network_does_not_come_in_with_a_session_either() -> None:
    bans.ban(network="192.0.2.0/24", reason="a flood")
    moderator = Client()
    moderator.force_login(User.objects.create_user("mo", is_staff=True))
    assert statuses(moderator, REMOTE_ADDR="192.0.2.7") == {403}
    assert statuses(Client(), REMOTE_ADDR="192.0.2.7") == {403}
    assert moderator.get("/admin/", REMOTE_ADDR="203.0.113.1").status_code == 200


def log_in(client: Client, name: str, password: str = PASSWORD, **meta: Any) -> int:
    said = {"username": name, "password": password, "next": "/admin/"}
    return client.post("/admin/login/", said, **meta).status_code


def test_a_moderators_ban_of_a_network_does_not_lock_a_superuser_out(root: Client) -> None:
    """Its session goes on, and the browser that it has logged in with may log in again."""
    bans.ban(network="192.0.2.0/24", reason="a coup")
    assert root.get("/admin/", REMOTE_ADDR="192.0.2.7").status_code == 200
    User.objects.create_superuser("ada", password=PASSWORD)
    known = Client()
    assert log_in(known, "ada", REMOTE_ADDR="203.0.113.1") == 302
    known.post("/admin/logout/")
    assert log_in(known, "ada", "wrong", REMOTE_ADDR="192.0.2.7") == 200
    assert log_in(known, "ada", REMOTE_ADDR="192.0.2.7") == 302
    assert known.get("/admin/", REMOTE_ADDR="192.0.2.7").status_code == 200


def test_nobody_else_passes_the_ban_of_a_network() -> None:
    """Nor a superuser's name from a new browser: the answer would tell whose it is."""
    ada = User.objects.create_superuser("ada", password=PASSWORD)
    User.objects.create_user("mo", password=PASSWORD, is_staff=True)
    clients = {name: Client() for name in ("ada", "mo")}
    for name, client in clients.items():
        assert log_in(client, name) == 302
        client.post("/admin/logout/")
    bans.ban(network="192.0.2.0/24", reason="a flood")
    for client in (clients["mo"], Client()):
        for name in ("ada", "mo", "nobody"):
            assert log_in(client, name, REMOTE_ADDR="192.0.2.7") == 403
    forged = Client()
    forged.cookies[devices.COOKIE] = "1234567812345678:ada:forged"
    assert log_in(forged, "ada", REMOTE_ADDR="192.0.2.7") == 403
    User.objects.filter(pk=ada.pk).update(is_superuser=False)
    assert log_in(clients["ada"], "ada", REMOTE_ADDR="192.0.2.7") == 403


def test_no_ban_closes_it_to_the_networks_of_the_setting(root: Client, settings: Any) -> None:
    """A moderator could lock all administrators out, who alone could undo it."""
    settings.ADMIN_NETWORKS = [ip_network("10.0.0.0/8")]
    bans.ban(network="10.0.0.0/8", reason="a coup")
    assert root.get("/admin/", REMOTE_ADDR="10.1.2.3").status_code == 200
    said = {"username": "root", "password": "wrong"}
    answer = Client().post("/admin/login/", said, REMOTE_ADDR="10.1.2.3")
    assert b"Your network is banned" not in answer.content
    settings.ADMIN_NETWORKS = [ip_network("192.0.2.0/24")]
    assert root.get("/admin/", REMOTE_ADDR="10.1.2.3").status_code == 404


@pytest.mark.parametrize("word", ["10.0.0.0/33", "10.0.0.1/8", "example.com"])
def test_a_setting_that_is_no_network_is_refused_by_its_name(word: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="ADMIN_NETWORKS"):
        networks("ADMIN_NETWORKS", [word])
