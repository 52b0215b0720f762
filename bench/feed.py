"""A feed of placements as from another pod: committed to the ledger, then published.

As a program (`python -m bench.feed`, with DATABASE_URL and REDIS_URL set) it reads lines
`rate seconds` and answers each with the number of pixels that it has placed. FEED_SIDE is the side
of the square that it draws in.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Self

from canvas.domain.pixel import Pixel
from canvas.protocol import announcements
from tests.support.processes import ROOT, tied

STEP = 0.01  # seconds between two commits, at least


class Feed:
    """The program as a child process."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            tied([sys.executable, "-m", "bench.feed"]),
            cwd=ROOT,
            env=os.environ | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        self.wait()
        return self

    def __exit__(self, *raised: object) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.terminate()
        self._process.wait()
        self._process.stdout.close()

    def start(self, rate: float, seconds: float) -> None:
        """Begin to place `rate` pixels a second for so many seconds."""
        assert self._process.stdin
        print(rate, seconds, file=self._process.stdin, flush=True)

    def wait(self) -> int:
        """Wait for the end of a run, or at first for the program to be ready.

        Return the number of pixels placed so far.
        """
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the feed has ended")
        return int(line)


def main() -> None:
    import django

    django.setup()
    import orjson
    import redis

    from accounts.people import Person
    from canvas import services, signals
    from canvas.domain.rules import CanvasMeta, Draw
    from canvas.ledger.placing import Order
    from pixelsite import announce

    client = redis.Redis.from_url(os.environ["REDIS_URL"])
    side = int(os.environ.get("FEED_SIDE", "500"))
    people = [Person(f"guest:{n:016x}", f"painter-{n}", is_guest=True) for n in range(100)]

    def order() -> Order:
        x, y = random.randrange(side), random.randrange(side)
        return Order(random.choice(people), Draw(x, y, "#FF0000"))

    def publish(meta: CanvasMeta, pixels: list[Pixel], **_: object) -> None:
        pipeline = client.pipeline(transaction=False)
        for pixel in pixels:
            message = orjson.dumps(announcements.pixel_message(meta, pixel))
            pipeline.publish(announcements.PIXEL_CHANNEL, message)
        pipeline.execute()

    signals.committed.disconnect(announce.on_committed)  # it would connect for each commit anew
    signals.committed.connect(publish)
    client.ping()
    placed = 0
    print(placed, flush=True)
    for line in sys.stdin:
        rate, seconds = map(float, line.split())
        started = time.monotonic()
        done = 0
        while done < int(rate * seconds):
            due = int(min(time.monotonic() - started, seconds) * rate) - done
            if due > 0:
                services.place("main", [order() for _ in range(due)])
                done += due
            time.sleep(STEP)
        placed += done
        print(placed, flush=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pixelsite.settings")
    main()
