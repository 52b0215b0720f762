"""Fixtures: an account and its browser."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

PASSWORD = "correct horse battery"


@pytest.fixture
def alice(db: None) -> User:
    return User.objects.create_user("alice", "alice@example.org", PASSWORD)


@pytest.fixture
def browser(static_files: None) -> Client:
    return Client(enforce_csrf_checks=False)


@pytest.fixture
def alices(browser: Client, alice: User) -> Client:
    """The browser, logged in as alice."""
    assert browser.login(username="alice", password=PASSWORD)
    return browser
