"""A TCP proxy in front of PostgreSQL that can fall silent: it takes bytes, and passes none on."""

import asyncio
from pathlib import Path
from threading import Thread
from typing import Self
from urllib.parse import unquote, urlsplit

from tests.support.line import Exchange, Mode, Streams
from tests.support.processes import free_port


class PostgresProxy:
    """A proxy with a thread of its own, for the time of the `with` block.

    `url` names the same database as the URL that it was made with. Connections on which it has
    been silent never end and never speak again, as behind a route that drops packets.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._path = Path(unquote(parts.netloc.rpartition("@")[2])) / ".s.PGSQL.5432"
        self.port = free_port()
        self.url = f"postgres://{parts.username}@127.0.0.1:{self.port}{parts.path}"
        self._loop = asyncio.new_event_loop()
        self._exchange = Exchange(self._connect, hangs_up=True)
        self._thread = Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        listening = asyncio.start_server(self._exchange.serve, "127.0.0.1", self.port)
        self._server = asyncio.run_coroutine_threadsafe(listening, self._loop).result(10)
        return self

    def __exit__(self, *raised: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def fall_silent(self) -> None:
        """Speak on no connection any more, nor on those that are made from now on."""
        self._exchange.mode = Mode.SILENCE
        self.lose_connections()

    def lose_connections(self) -> None:
        """Speak no more on the connections that there are."""
        self._loop.call_soon_threadsafe(self._exchange.lose)

    def mend(self) -> None:
        """Serve those who connect from now on."""
        self._exchange.mode = Mode.SERVE

    async def _end(self) -> None:
        self._server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)  # in which the aborted transports close their sockets

    async def _connect(self) -> Streams:
        return await asyncio.open_unix_connection(str(self._path))
