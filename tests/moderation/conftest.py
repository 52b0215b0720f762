"""Moderators, and test clients that are logged in as they are."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from canvas.models import Canvas
from tests.moderation.helpers import staff

Post = Callable[..., Any]


@pytest.fixture
def moderator(main: Canvas) -> User:
    return staff("mo")


@pytest.fixture
def administrator(main: Canvas) -> User:
    return staff("ada", "administrator")


@pytest.fixture
def client_of(static_files: None) -> Callable[[User], Client]:
    def open_client(user: User) -> Client:
        client = Client(headers={"host": "localhost"})
        client.force_login(user)
        return client

    return open_client


@pytest.fixture
def as_moderator(client_of: Callable[[User], Client], moderator: User) -> Client:
    return client_of(moderator)


@pytest.fixture
def as_administrator(client_of: Callable[[User], Client], administrator: User) -> Client:
    return client_of(administrator)
