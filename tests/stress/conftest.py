"""A crowd without a site."""

from unittest.mock import Mock

import pytest

from stress.crowd import Crowd


@pytest.fixture
def crowd() -> Crowd:
    return Crowd(Mock())
