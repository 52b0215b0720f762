"""Fixtures that the tests of the canvas share."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from canvas.domain.board import Board
from canvas.models import Canvas
from canvas.pod.hub import Hub
from canvas.pod.relay import Relay
from canvas.pod.stream import Stream
from tests.canvas.helpers import HEIGHT, WIDTH, meta_of


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    """A hub that fans out."""
    hub = Hub()
    running = asyncio.create_task(hub.run())
    yield hub
    assert not running.done(), running.exception()
    running.cancel()


@pytest.fixture
def stream() -> Stream:
    """An empty canvas that is in no database."""
    return Stream(meta_of(), Board(WIDTH, HEIGHT))


@pytest.fixture
def relay(main: Canvas, hub: Hub) -> Relay:
    """A relay that hears of no commits and looks at the ledger when a test says so."""
    return Relay(hub)
