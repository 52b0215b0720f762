"""Look-ups of many sessions at once find the users that Django finds one by one."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from accounts.sessions import logins, session_keys

BACKEND = "accounts.backends.PasswordBackend"

pytestmark = pytest.mark.both_databases


def opened(user: User, **changes: Any) -> str:
    """Open a session of this user and return its key."""
    store = SessionStore()
    store.update(
        {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: BACKEND,
            HASH_SESSION_KEY: user.get_session_auth_hash(),
            **changes,
        }
    )
    store.create()
    store.save()
    return str(store.session_key)


def found_by_django(key: str) -> User | None:
    request = HttpRequest()
    request.session = SessionStore(key)
    user = get_user(request)
    return user if user.is_authenticated else None


def found(key: str) -> User | None:
    """Find the user by our look-up and by Django's, which must agree.

    Ours goes first, because Django's deletes a session that is not valid.
    """
    login = logins([key]).get(key)
    user = login.user if login else None
    assert user == found_by_django(key)
    return user


@pytest.fixture
def bob(db: None) -> User:
    return User.objects.create_user("bob", password="another long password")


def test_a_browser_that_logged_in(alices: Client, alice: User) -> None:
    assert found(alices.cookies["sessionid"].value) == alice


def test_a_crowd_costs_two_queries(alice: User, bob: User, django_assert_num_queries: Any) -> None:
    keys = {opened(user): user for user in (alice, bob, alice)}
    with django_assert_num_queries(2):
        known = logins([*keys, *keys, "", "0" * 32])
    assert {key: login.user for key, login in known.items()} == keys


@pytest.mark.parametrize(
    "changes",
    [
        {HASH_SESSION_KEY: "of another password"},
        {HASH_SESSION_KEY: ""},
        {HASH_SESSION_KEY: "Ü"},
        {BACKEND_SESSION_KEY: "elsewhere.Backend"},
        {BACKEND_SESSION_KEY: None},
        {SESSION_KEY: "4711"},
    ],
)
def test_a_session_that_is_not_valid(alice: User, changes: dict[str, Any]) -> None:
    assert found(opened(alice, **changes)) is None


def test_a_session_without_a_login(db: None) -> None:
    store = SessionStore()
    store["seen"] = "the help"
    store.create()
    assert found(str(store.session_key)) is None


def test_a_session_of_an_inactive_user_or_an_old_password(alice: User, bob: User) -> None:
    keys = [opened(alice), opened(bob)]
    alice.is_active = False
    alice.save()
    bob.set_password("yet another long password")
    bob.save()
    assert [found(key) for key in keys] == [None, None]


def test_a_session_that_is_over(alice: User) -> None:
    key = opened(alice)
    Session.objects.filter(pk=key).update(expire_date=timezone.now() - timedelta(seconds=1))
    assert found(key) is None


def test_a_session_that_was_tampered_with(alice: User) -> None:
    key = opened(alice)
    Session.objects.filter(pk=key).update(session_data="e30:nobody:signed-this")
    assert found(key) is None


@pytest.mark.parametrize("key", ["", "\0" * 32, "ß" * 32, "'; --", "0" * 4000])
def test_a_key_may_be_any_text_of_a_client(alice: User, key: str) -> None:
    own = opened(alice)
    assert logins([key, own]).keys() == {own}


def test_a_socket_stays_until_its_session_ends(alice: User) -> None:
    key = opened(alice)
    ends = Session.objects.get(pk=key).expire_date
    ticket = logins([key])[key].ticket
    assert (ticket.session, ticket.ends_at) == (key, ends.timestamp())


def test_a_session_outlives_the_key_that_signed_it(bob: User, settings: Any) -> None:
    key = opened(bob)
    former = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key " * 5, [former]
    assert found(key) == bob
    settings.SECRET_KEY_FALLBACKS = []
    assert found(key) is None


@pytest.mark.usefixtures("static_files")
def test_requests_of_a_page_at_once_outlive_it_too(bob: User, settings: Any) -> None:
    """The first of them must not begin the session anew: the others would not know it."""
    key, former = opened(bob), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key " * 5, [former]
    for _ in range(2):
        browser = Client()
        browser.cookies[settings.SESSION_COOKIE_NAME] = key
        answer = browser.get("/accounts/")
        assert answer.status_code == 200
        assert settings.SESSION_COOKIE_NAME not in answer.cookies
    settings.SECRET_KEY_FALLBACKS = []
    assert browser.get("/accounts/").status_code == 302


def test_sockets_are_known_by_each_key_that_is_accepted(bob: User, settings: Any) -> None:
    key, former, another = opened(bob), settings.SECRET_KEY, "another key " * 5
    before = logins([key])[key].ticket.keys
    settings.SECRET_KEY_FALLBACKS = [another]
    between = logins([key])[key].ticket.keys
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = another, [former]
    after = logins([key])[key].ticket.keys
    assert before < between
    assert between == after
    assert session_keys(key)[0] not in before, "the present key comes first"
