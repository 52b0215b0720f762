"""Tokens: shown once, kept as a hash, revoked by their owner alone."""

import re

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import AccessToken, Expulsion
from accounts.tokens import MAX_TOKENS, find, issue, read_header, revoke

pytestmark = pytest.mark.django_db


def test_it_is_found_by_its_secret_alone(alice: User) -> None:
    token, secret = issue(alice, "bot", ["place"])
    assert find(secret) == token
    assert secret not in str(AccessToken.objects.values())
    for wrong in ("", secret[:-1], secret.upper(), token.digest, "\x00", "é" * 10_000):
        assert find(wrong) is None


def test_a_revoked_one_is_gone_and_its_sockets_close(alice: User) -> None:
    token, secret = issue(alice, "bot", ["place"])
    assert revoke(alice, token.pk)
    assert find(secret) is None
    assert [each.key for each in Expulsion.objects.all()] == [f"token:{token.pk}"]
    assert not revoke(alice, token.pk)


def test_another_user_cannot_revoke_it(alice: User) -> None:
    token, secret = issue(alice, "bot", ["place"])
    assert not revoke(User.objects.create_user("mallory"), token.pk)
    assert find(secret) == token
    assert not Expulsion.objects.exists()


def test_it_works_no_longer_than_its_owner(alice: User) -> None:
    _, secret = issue(alice, "bot", ["place"])
    alice.is_active = False
    alice.save()
    assert find(secret) is None


def test_the_last_day_of_use_is_kept(alice: User) -> None:
    token, secret = issue(alice, "bot", ["place"])
    assert token.used_on is None
    find(secret)
    token.refresh_from_db()
    assert token.used_on is not None


@pytest.mark.parametrize(
    ("field", "name", "scopes"),
    [
        ("name", "", ["place"]),
        ("name", " ", ["place"]),
        ("name", "x" * 65, ["place"]),
        ("scopes", "bot", []),
        ("scopes", "bot", ["admin"]),
        ("scopes", "bot", ["place", "*"]),
    ],
)
def test_a_wrong_one_is_not_made(field: str, name: str, scopes: list[str], alice: User) -> None:
    with pytest.raises(ValidationError) as raised:
        issue(alice, name, scopes)
    assert field in raised.value.message_dict
    assert not AccessToken.objects.exists()


def test_an_account_has_so_many(alice: User) -> None:
    for number in range(MAX_TOKENS):
        issue(alice, f"bot {number}", ["place"])
    with pytest.raises(ValidationError):
        issue(alice, "one more", ["place"])


@pytest.mark.parametrize(
    ("header", "secret"),
    [
        ("Bearer px_1", "px_1"),
        ("bearer  px_1 ", "px_1"),
        ("Basic abc", None),
        ("", None),
        ("Bearer", ""),
    ],
)
def test_the_header(header: str, secret: str | None) -> None:
    assert read_header(header) == secret


def test_the_page_shows_a_secret_once(alices: Client) -> None:
    form = {"name": "my bot", "scopes": ["read", "place"]}
    page = alices.post("/accounts/tokens/", form).content.decode()
    (secret,) = re.findall(r"px_[\w-]+", page)
    assert find(secret) is not None
    later = alices.get("/accounts/tokens/").content.decode()
    assert "my bot" in later
    assert secret not in later


def test_the_page_names_what_is_wrong(alices: Client) -> None:
    form = {"name": "<b>" * 50, "scopes": ["root"]}
    answer = alices.post("/accounts/tokens/", form)
    assert set(answer.context["form"].errors) == {"name", "scopes"}
    assert "<b><b>" not in answer.content.decode()
    assert not AccessToken.objects.exists()


def test_the_page_revokes_one_s_own(alices: Client, alice: User) -> None:
    own, _ = issue(alice, "bot", ["place"])
    other, _ = issue(User.objects.create_user("bob"), "bot", ["place"])
    for pk in (own.pk, other.pk, 10**15):
        assert alices.post(f"/accounts/tokens/{pk}/revoke/").status_code == 302
    assert list(AccessToken.objects.all()) == [other]
    assert alices.get(f"/accounts/tokens/{own.pk}/revoke/").status_code == 405
