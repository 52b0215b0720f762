"""People with accounts, as clients of the API."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from canvas.models import Canvas
from tests.blueprints.helpers import client_of


@pytest.fixture
def ada(main: Canvas) -> User:
    return User.objects.create_user("ada")


@pytest.fixture
def ben(main: Canvas) -> User:
    return User.objects.create_user("ben")


@pytest.fixture
def as_ada(ada: User, static_files: None) -> Client:
    return client_of(ada)


@pytest.fixture
def as_ben(ben: User, static_files: None) -> Client:
    return client_of(ben)


@pytest.fixture
def as_guest(main: Canvas, static_files: None) -> Client:
    return client_of()
