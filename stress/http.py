"""GET over a connection of its own, cheap enough for a thousand clients at once."""

import asyncio
from collections.abc import Mapping
from typing import NamedTuple


class Answer(NamedTuple):
    """An answer; names of headers are in lower case, several of one name are lines of one value."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def cookie(self, name: str) -> str:
        """Return the value of a cookie that is set."""
        lines = self.headers["set-cookie"].splitlines()
        start = f"{name}="
        return next(line for line in lines if line.startswith(start))[len(start) :].split(";")[0]


async def get(port: int, path: str, seconds: float = 5.0) -> Answer:
    """Return the answer of a pod; raise OSError or TimeoutError where none comes."""
    async with asyncio.timeout(seconds):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            lines = f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: close"
            writer.write("\r\n".join([*lines, "", ""]).encode())
            try:
                head = await reader.readuntil(b"\r\n\r\n")
                return _answer(head.decode("latin-1"), await reader.read(-1))
            except asyncio.IncompleteReadError as error:
                raise ConnectionError("the answer is cut off") from error
        finally:
            writer.transport.abort()


def _answer(head: str, body: bytes) -> Answer:
    first, *lines = head.split("\r\n")
    headers: dict[str, str] = {}
    for line in filter(None, lines):
        name, _, value = line.partition(":")
        known = headers.get(name.lower())
        headers[name.lower()] = value.strip() if known is None else f"{known}\n{value.strip()}"
    if len(body) < int(headers.get("content-length", 0)):
        raise ConnectionError("the answer is cut off")
    return Answer(int(first.split()[1]), headers, body)
