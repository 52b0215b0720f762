"""The broker publishes in order or gives up, and always knows whether it works."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from canvas import metrics
from canvas.pod import broker as module
from canvas.pod.broker import Broker
from runtime.tasks import end, supervise
from tests.canvas.helpers import eventually
from tests.canvas.layer import FickleLayer

PIXELS, USERS = "pixel-updates", "user-events"


class Heard:
    """The calls that the broker made to the pod."""

    def __init__(self) -> None:
        self.messages: list[Any] = []
        self.distrusted = 0
        self.ready: list[bool] = []
        self.missed = 0

    def distrust(self) -> None:
        self.distrusted += 1

    def miss(self) -> None:
        self.missed += 1


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PUBLISH_TIMEOUT", 0.1)
    monkeypatch.setattr(module, "ECHO_TIMEOUT", 0.15)
    monkeypatch.setattr(module, "RETRY", 0.02)


@pytest.fixture
def layer() -> FickleLayer:
    return FickleLayer()


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def idle_broker(layer: FickleLayer, heard: Heard) -> Broker:
    return Broker(layer, heard.messages.append, heard.distrust, heard.ready.append, heard.miss)


@pytest.fixture
async def broker(idle_broker: Broker) -> AsyncIterator[Broker]:
    tasks = [supervise(idle_broker.read), supervise(idle_broker.write)]
    yield idle_broker
    await end(*tasks)


def numbered(*numbers: int) -> list[dict[str, int]]:
    return [{"n": number} for number in numbers]


def counted(outcome: str) -> float:
    count: float = metrics.published.labels(outcome)._value.get()
    return count


async def test_it_joins_both_groups(broker: Broker, layer: FickleLayer) -> None:
    await eventually(lambda: layer.groups == [PIXELS, USERS])


async def test_a_batch_goes_out_in_one_round_trip(broker: Broker, layer: FickleLayer) -> None:
    broker.publish(PIXELS, numbered(1, 2, 3))
    await eventually(lambda: layer.sent)
    assert layer.sent == [(PIXELS, numbered(1, 2, 3))]


async def test_batches_go_out_in_order_and_come_back(
    broker: Broker, layer: FickleLayer, heard: Heard
) -> None:
    for number in range(100):
        broker.publish(PIXELS if number % 2 else USERS, numbered(number))
    await eventually(lambda: len(heard.messages) == 100)
    assert heard.messages == numbered(*range(100))


@pytest.mark.parametrize("garbage", [ValueError, None, 5, "text", ["pixel_updated"], 1.5], ids=repr)
async def test_what_cannot_be_read_is_distrusted(
    broker: Broker, layer: FickleLayer, heard: Heard, garbage: object
) -> None:
    layer.bring(garbage)
    layer.bring({"n": 1})
    await eventually(lambda: heard.messages == numbered(1))
    assert heard.distrusted == 1


async def test_it_says_once_that_the_layer_is_down(
    broker: Broker, layer: FickleLayer, heard: Heard
) -> None:
    layer.down = True
    broker.publish(PIXELS, numbered(1))
    await eventually(lambda: not broker.ready)
    await asyncio.sleep(0.1)
    assert heard.ready == [False]


async def test_a_layer_that_never_answers_is_down(
    broker: Broker, layer: FickleLayer, heard: Heard
) -> None:
    layer.hung = True
    broker.publish(PIXELS, numbered(1))
    await eventually(lambda: heard.ready == [False])


async def test_it_says_when_the_layer_is_back(
    broker: Broker, layer: FickleLayer, heard: Heard
) -> None:
    layer.down = True
    broker.publish(PIXELS, numbered(1))
    await eventually(lambda: not broker.ready)
    layer.down = False
    await eventually(lambda: broker.ready)
    assert heard.ready == [False, True]


async def test_while_it_is_down_nothing_is_kept_for_later(
    broker: Broker, layer: FickleLayer, heard: Heard
) -> None:
    """The ledger brings it to the others before the broker is back."""
    layer.down = True
    dropped = counted("dropped")
    broker.publish(PIXELS, numbered(1))
    broker.publish(PIXELS, numbered(2))
    await eventually(lambda: not broker.ready)
    broker.publish(PIXELS, numbered(3, 4))
    layer.down = False
    await eventually(lambda: broker.ready)
    broker.publish(PIXELS, numbered(5))
    await eventually(lambda: layer.sent)
    assert layer.sent == [(PIXELS, numbered(5))]
    assert counted("dropped") >= dropped + 2


async def test_what_waits_for_a_slow_layer_is_bounded(
    broker: Broker, layer: FickleLayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_WAITING", 5)
    dropped = counted("dropped")
    for number in range(20):
        broker.publish(PIXELS, numbered(number))
    await eventually(lambda: len(layer.sent) == 5)
    assert [messages[0]["n"] for _, messages in layer.sent] == [0, 1, 2, 3, 4]
    assert counted("dropped") == dropped + 15


async def test_publishing_waits_for_nobody(idle_broker: Broker, layer: FickleLayer) -> None:
    layer.hung = True
    idle_broker.publish(PIXELS, numbered(1))
    assert layer.sent == []


async def test_flush_waits_until_all_is_published(broker: Broker, layer: FickleLayer) -> None:
    for number in range(50):
        broker.publish(PIXELS, numbered(number))
    await broker.flush()
    assert len(layer.sent) == 50


async def test_flush_does_not_wait_for_ever(broker: Broker, layer: FickleLayer) -> None:
    layer.down = True
    broker.publish(PIXELS, numbered(1))
    async with asyncio.timeout(1):
        await broker.flush()


async def test_a_pod_that_does_not_hear_itself_subscribes_anew(
    broker: Broker, layer: FickleLayer, heard: Heard
) -> None:
    await eventually(lambda: layer.groups)
    layer.deaf = True
    broker.publish(PIXELS, numbered(1))
    await eventually(lambda: layer.flushes == 1 and layer.groups == [PIXELS, USERS])
    broker.publish(PIXELS, numbered(2))
    await eventually(lambda: heard.messages == numbered(2))


async def test_a_pod_that_hears_others_is_not_deaf(
    broker: Broker, layer: FickleLayer, heard: Heard
) -> None:
    for number in range(20):
        broker.publish(PIXELS, numbered(number))
        await asyncio.sleep(0.02)
    assert layer.flushes == 0


async def test_a_quiet_pod_is_not_deaf(broker: Broker, layer: FickleLayer) -> None:
    broker.publish(PIXELS, numbered(1))
    await asyncio.sleep(0.4)
    assert layer.flushes == 0


async def test_a_lost_subscription_is_looked_into(
    broker: Broker, layer: FickleLayer, heard: Heard
) -> None:
    """Nothing is published, and yet the broker learns that the layer is down."""
    await eventually(lambda: layer.groups)
    layer.down = True
    layer.on_subscribed(False)
    await eventually(lambda: heard.ready == [False])
    layer.down = False
    await asyncio.sleep(0.1)
    assert heard.ready == [False], "ready again means subscribed first"
    layer.on_subscribed(True)
    await eventually(lambda: heard.ready == [False, True])


async def test_a_lost_subscription_alone_does_not_make_it_down(
    broker: Broker, layer: FickleLayer, heard: Heard
) -> None:
    await eventually(lambda: layer.groups)
    layer.on_subscribed(False)
    broker.publish(PIXELS, numbered(1))
    await eventually(lambda: layer.sent)
    assert heard.ready == []


async def test_messages_that_may_have_been_missed_are_told(
    broker: Broker, layer: FickleLayer, heard: Heard
) -> None:
    await eventually(lambda: layer.groups)
    layer.on_subscribed(False)
    layer.on_subscribed(True)
    assert heard.missed == 1


async def test_a_pod_that_starts_without_its_layer_works_when_it_comes(
    idle_broker: Broker, layer: FickleLayer, heard: Heard
) -> None:
    layer.down = True
    tasks = [supervise(idle_broker.read), supervise(idle_broker.write)]
    await eventually(lambda: layer.groups)
    layer.on_subscribed(False)
    await eventually(lambda: not idle_broker.ready)
    layer.down = False
    layer.on_subscribed(True)
    layer.on_subscribed(True)
    await eventually(lambda: idle_broker.ready)
    idle_broker.publish(PIXELS, numbered(1))
    await eventually(lambda: heard.messages == numbered(1))
    await end(*tasks)
