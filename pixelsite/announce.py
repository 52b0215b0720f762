"""Announcements to the pods of commits in a process without a pod: a command, a shell."""

from collections.abc import Sequence
from contextlib import suppress

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

from accounts.models import Expulsion
from blueprints.protocol import blueprints_changed
from canvas.domain.pixel import Pixel
from canvas.domain.rules import CanvasMeta
from canvas.pod.broker import BrokerDown, Message
from canvas.pod.pod import current_pod
from canvas.protocol import announcements
from canvas.protocol.announcements import PIXEL_CHANNEL, USER_CHANNEL


def on_committed(
    *, meta: CanvasMeta, pixels: Sequence[Pixel], after: int | None = None, **_: object
) -> None:
    publish(PIXEL_CHANNEL, announcements.committed(meta, pixels, after))


def on_changed(*, meta: CanvasMeta, seq: int, **_: object) -> None:
    publish(PIXEL_CHANNEL, [announcements.rules_changed(meta, seq)])


def on_expelled(*, kind: str, key: str, **_: object) -> None:
    publish(USER_CHANNEL, [announcements.expelled(key, banned=kind == Expulsion.BANNED)])


def on_blueprints_changed(*, ids: Sequence[str], **_: object) -> None:
    publish(USER_CHANNEL, blueprints_changed(ids))


def publish(group: str, messages: Sequence[Message]) -> None:
    """Publish messages, unless a pod runs in this process and does so itself.

    They are lost while Redis is down: pods read the database every second anyway.
    """
    if current_pod.get() is None:
        async_to_sync(_publish)(group, messages)


async def _publish(group: str, messages: Sequence[Message]) -> None:
    layer = get_channel_layer()
    with suppress(BrokerDown):
        await layer.group_send_many(group, messages)
    await layer.flush()  # its connections belong to this short-lived event loop
