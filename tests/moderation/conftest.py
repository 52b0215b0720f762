import pytest
from django.contrib.auth.models import User

from canvas.models import Canvas
from tests.moderation.helpers import staff


@pytest.fixture
def moderator(main: Canvas) -> User:
    return staff("mo")
