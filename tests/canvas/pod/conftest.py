"""Fixtures that the tests of the relay share."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from canvas.domain.rules import CanvasMeta
from canvas.ledger import reads
from canvas.ledger.reads import Page
from canvas.pod.relay import Relay


@pytest.fixture
async def running(relay: Relay) -> AsyncIterator[None]:
    """A relay that looks at the ledger by itself."""
    task = asyncio.create_task(relay.run())
    yield
    assert not task.done(), task.exception()
    task.cancel()


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The seqs after which the ledger was read."""
    after: list[int] = []
    page_after = reads.page_after

    def counted(meta: CanvasMeta, seq: int) -> Page | None:
        after.append(seq)
        return page_after(meta, seq)

    monkeypatch.setattr(reads, "page_after", counted)
    return after
