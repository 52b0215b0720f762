"""A line to a server that is some milliseconds away: bytes and ends of connections take as long."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from tests.support.processes import free_port

CHUNK = 65536  # bytes


@asynccontextmanager
async def far_line(target: int, delay: float) -> AsyncIterator[int]:
    """Serve a port that leads to the port `target` on this machine, `delay` seconds away."""
    port = free_port()
    serving = set[asyncio.Task[None]]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        serving.add(task)
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", target)
        try:
            await asyncio.gather(_pass(reader, far_writer, delay), _pass(far_reader, writer, delay))
            await asyncio.sleep(delay)  # the last end is still on its way
        finally:
            for each in (writer, far_writer):
                each.transport.abort()
            serving.discard(task)

    server = await asyncio.start_server(serve, "127.0.0.1", port)
    try:
        yield port
    finally:
        server.close()
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float) -> None:
    later = asyncio.get_running_loop().call_later
    with suppress(OSError):
        while data := await reader.read(CHUNK):
            later(delay, _write, writer, data)
    later(delay, writer.close)


def _write(writer: asyncio.StreamWriter, data: bytes) -> None:
    if not writer.is_closing():
        writer.write(data)
