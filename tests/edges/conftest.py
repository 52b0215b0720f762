"""Fixtures for the two edges of a pod, HTTP and WebSocket, with the whole application behind."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from typing import Any, Self

import httpx
import pytest
from asgiref.testing import ApplicationCommunicator
from channels.testing import WebsocketCommunicator

from canvas.pod.pod import Pod
from canvas.protocol.frames import SUBPROTOCOL

ORIGIN = b"http://localhost"
TIMEOUT = 30  # seconds until a test fails: a busy machine may stall for a while
Connect = Callable[..., Any]


class Communicator(WebsocketCommunicator):  # type: ignore[misc]  # Channels has no types
    """A communicator without Channels' own methods, which keep all database connections open.

    With those the pool would run dry.
    """

    send_input = ApplicationCommunicator.send_input
    receive_output = ApplicationCommunicator.receive_output


class Client:
    """One WebSocket to the whole application."""

    def __init__(
        self,
        application: Any,
        path: str = "/ws/",
        *,
        binary: bool = False,
        origin: bytes = ORIGIN,
        cookie: str = "",
        token: str = "",
        forwarded_for: str = "",
        headers: Sequence[tuple[bytes, bytes]] = (),
    ) -> None:
        headers = [(b"host", b"localhost"), (b"origin", origin), *headers]
        if cookie:
            headers.append((b"cookie", cookie.encode()))
        if forwarded_for:
            headers.append((b"x-forwarded-for", forwarded_for.encode()))
        if token:
            headers.append((b"authorization", f"Bearer {token}".encode()))
        protocols = [SUBPROTOCOL] if binary else None
        self._communicator = Communicator(application, path, headers, protocols)
        self.accepted = False

    async def __aenter__(self) -> Self:
        self.accepted, _subprotocol = await self._communicator.connect(timeout=TIMEOUT)
        return self

    async def __aexit__(self, *raised: object) -> None:
        await self.leave()

    async def leave(self) -> None:
        """Disconnect, and wait until the application has ended."""
        await self._communicator.disconnect()

    async def send(self, event: Any) -> None:
        await self.send_raw(text=event if isinstance(event, str) else json.dumps(event))

    async def send_raw(self, **frame: Any) -> None:
        message = {"type": "websocket.receive", **frame}
        await self._communicator.send_input(message)  # type: ignore[no-untyped-call]  # asgiref

    async def receive(self) -> dict[str, Any]:
        """Return the next message of the application.

        `receive_output` is of no use: on a time-out it cancels the application too, and that
        cancellation comes up again in the teardown, where it keeps pytest from cleaning up.
        """
        async with asyncio.timeout(TIMEOUT):
            output: dict[str, Any] = await self._communicator.output_queue.get()
        return output

    async def next(self, *kinds: str) -> dict[str, Any]:
        """Return the next event of one of these types."""
        while True:
            output = await self.receive()
            assert output["type"] == "websocket.send", output
            event: dict[str, Any] = json.loads(output.get("text") or "{}")
            if event.get("type") in kinds:
                return event

    async def close_code(self) -> int:
        """Read up to the close and return its code."""
        while (output := await self.receive())["type"] != "websocket.close":
            pass
        code: int = output["code"]
        return code


@pytest.fixture(scope="session")
def application(static_files: None) -> Any:
    """The ASGI application, imported here because its middleware needs the static files."""
    from pixelsite.asgi import application

    return application


@pytest.fixture
async def http(pod: Pod, application: Any) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(application, client=("192.0.2.7", 4711))
    async with httpx.AsyncClient(transport=transport, base_url="https://localhost") as client:
        yield client


@pytest.fixture
async def connect(pod: Pod, application: Any) -> AsyncIterator[Connect]:
    """A function that opens sockets, which are closed after the test."""
    async with AsyncExitStack() as sockets:

        async def open_socket(path: str = "/ws/", **options: Any) -> Client:
            return await sockets.enter_async_context(Client(application, path, **options))

        yield open_socket
