"""Messages that others publish: a long one is not parsed, and many of them do not fill memory."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import redis.asyncio as redis_client

from canvas.protocol.announcements import PIXEL_CHANNEL
from pixelsite.redis import layers
from pixelsite.redis.layers import MAX_MESSAGE, Messages, RedisLayer
from tests.support.redis import RedisServer

pytestmark = pytest.mark.redis


@pytest.fixture
async def layer(redis_server: RedisServer) -> AsyncIterator[RedisLayer]:
    layer = RedisLayer(hosts=[redis_server.url])
    yield layer
    await layer.flush()


async def test_a_long_message_cannot_be_read_and_the_next_one_can(
    layer: RedisLayer, redis_server: RedisServer
) -> None:
    channel = await layer.new_channel()
    await layer.group_add(PIXEL_CHANNEL, channel)
    async with asyncio.timeout(20), redis_client.Redis.from_url(redis_server.url) as client:
        for length in (MAX_MESSAGE + 1, MAX_MESSAGE):
            await client.publish(PIXEL_CHANNEL, b'"' + b"x" * (length - 2) + b'"')
        with pytest.raises(ValueError, match="empty"):
            await layer.receive(channel)
        assert len(await layer.receive(channel)) == MAX_MESSAGE - 2


def test_what_waits_has_a_bound_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "MAX_QUEUED_BYTES", 10)
    waiting = Messages()
    for _ in range(2):
        waiting.put_nowait(b"123456")
    with pytest.raises(asyncio.QueueFull):
        waiting.put_nowait(b"7")
    assert waiting.get_nowait() == b"123456"
    waiting.put_nowait(b"7")
    assert [waiting.get_nowait() for _ in range(2)] == [b"123456", b"7"]
