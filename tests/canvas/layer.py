"""A channel layer that fails on command, as Redis does now and then."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from canvas.pod.broker import BrokerDown, Message


class FickleLayer:
    """Brings every message back to the pod, while it is not `down`, `deaf` or `hung`."""

    def __init__(self) -> None:
        self.down = False  # every command fails at once
        self.deaf = False  # commands work, but the subscription brings nothing
        self.hung = False  # commands are never answered
        self.sent: list[tuple[str, list[Message]]] = []
        self.flushes = 0
        self.groups: list[str] = []
        self.on_subscribed: Callable[[bool], None] = lambda holds: None
        self._incoming: asyncio.Queue[Any] = asyncio.Queue()

    def bring(self, message: Any) -> None:
        """Deliver a message of another pod; ValueError stands for one that cannot be decoded."""
        self._incoming.put_nowait(message)

    async def new_channel(self) -> str:
        return "channel"

    async def group_add(self, group: str, channel: str) -> None:
        self.groups.append(group)

    async def receive(self, channel: str) -> Message:
        message = await self._incoming.get()
        if message is ValueError:
            raise ValueError("not JSON")
        received: Message = message
        return received

    async def group_send_many(self, group: str, messages: Sequence[Message]) -> None:
        await self.ping()
        self.sent.append((group, list(messages)))
        if not self.deaf:
            for message in messages:
                self.bring(message)

    async def ping(self) -> None:
        if self.hung:
            await asyncio.Event().wait()
        if self.down:
            raise BrokerDown

    async def flush(self) -> None:
        self.flushes += 1
        self.groups.clear()
        self.deaf = False

    def watch(self, on_subscribed: Callable[[bool], None]) -> None:
        self.on_subscribed = on_subscribed
