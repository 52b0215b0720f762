"""Clients that ask for one path over and over, as a program of its own.

`python -m bench.load.readers PORT COUNT PATH` opens so many connections, and at the end of its
input prints the number of answers that were 200 and of others.
"""

import asyncio
import os
import subprocess
import sys
from typing import Self

from tests.support.processes import ROOT, tied

HEAD_END = b"\r\n\r\n"


class Readers:
    """The program as a child process, for the time of the `with` block."""

    def __init__(self, port: int, count: int, path: str) -> None:
        self._command = [sys.executable, "-m", "bench.load.readers", str(port), str(count), path]
        self.answered = self.refused = 0

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            tied(self._command),
            cwd=ROOT,
            env=dict(os.environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *raised: object) -> None:
        printed, _ = self._process.communicate("", timeout=30)
        self.answered, self.refused = map(int, printed.split())


class Counts:
    def __init__(self) -> None:
        self.answered = self.refused = 0


async def ask_on(port: int, path: str, counts: Counts) -> None:
    """Ask on one connection, one request after the other, for ever."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
    while True:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            while True:
                writer.write(request)
                head = await reader.readuntil(HEAD_END)
                fields = dict(line.lower().split(b":", 1) for line in head.split(b"\r\n")[1:-2])
                await reader.readexactly(int(fields[b"content-length"]))
                if b" 200 " in head.partition(b"\r\n")[0]:
                    counts.answered += 1
                else:
                    counts.refused += 1
        except (OSError, asyncio.IncompleteReadError):
            counts.refused += 1
        finally:
            writer.close()


async def main(port: int, count: int, path: str) -> None:
    counts = Counts()
    asking = [asyncio.create_task(ask_on(port, path, counts)) for _ in range(count)]
    await asyncio.to_thread(sys.stdin.read)
    for task in asking:
        task.cancel()
    await asyncio.wait(asking)
    print(counts.answered, counts.refused)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
