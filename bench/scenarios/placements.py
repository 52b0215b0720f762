"""The rate of placements: through our sockets, and through the plain way with Django."""

import http.client
import json
import random
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from statistics import median

import orjson

from bench import gateways, people
from bench.fan_out import follow_for
from bench.gateways import Gateway, start_all
from bench.load.latency import Latencies
from bench.load.reader import Faulty
from bench.progress import log
from bench.rig import Rig, Trial
from bench.section import Claim, Section

PAINTERS = 250
RATE = 4400  # placements offered a second, together
PODS, BUSIEST = 4, 8000  # pods of the crowded run, and placements offered a second to all
EACH = 17  # placements a second at most of one person, who would flood a pod by more than 20
SETTLE = 1.0  # seconds after the joins
WARM_UP = 1.5  # seconds
WINDOW = 5.0  # seconds
DRAIN_TIMEOUT = 30.0  # seconds in which every socket must get the last pixel
CLIENTS = 16  # concurrent requests to the plain way
PLACED, P99, TIMES = 4000, 200, 5  # the targets: a second, ms, and the ratio
BUSIEST_P99 = 250  # ms


class Painting:
    """People who draw in turn at a steady rate; each ack is timed by its client id."""

    def __init__(self, trial: Trial, pods: Sequence[Gateway], rate: int) -> None:
        """The people are spread evenly over the pods."""
        self.acked = 0
        self.refused = 0  # because too many waited
        self.latencies = Latencies()
        self.timing = False
        self._crowd = trial.crowd()
        self._sent: dict[str, float] = {}
        self._started = 0.0
        self._crowd.on_event = self._take
        self._rate = rate
        self._count = max(PAINTERS, rate // EACH)
        cookies = people.logged_in(self._count, trial.environment)
        for number, pod in enumerate(pods):
            self._crowd.aim(pod.address)
            own = cookies[number :: len(pods)]
            self._crowd.join(len(own), headers=own.__getitem__)
        self._painters = self._crowd.descriptors

    def run(self) -> float:
        """Draw for WINDOW seconds; return the acknowledged placements a second."""
        with self._crowd:
            follow_for(self._crowd, None, SETTLE)
            self._started = time.monotonic()
            self._draw_for(WARM_UP)
            self.timing, before, since = True, self.acked, time.monotonic()
            self._draw_for(WINDOW)
            rate = (self.acked - before) / (time.monotonic() - since)
            self.timing = False
            self._check_all()
        return rate

    def _check_all(self) -> None:
        """Check that every placement is acknowledged, and reaches every socket once in order."""
        placed = len(self._sent)
        deadline = time.monotonic() + DRAIN_TIMEOUT
        self._crowd.follow(
            None,
            lambda: (
                min(self._crowd.slowest, self.acked) >= placed - self.refused
                or time.monotonic() > deadline
            ),
        )
        if not placed - self.refused == self.acked == self._crowd.slowest:
            raise Faulty(
                f"{placed} pixels placed, {self.refused} refused, {self.acked} acknowledged,"
                f" {self._crowd.slowest} seen"
            )

    def _draw_for(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        self._crowd.follow(None, lambda: self._drawn_until(deadline))

    def _drawn_until(self, deadline: float) -> bool:
        now = time.monotonic()
        for number in range(len(self._sent), int((now - self._started) * self._rate)):
            self._draw(number, now)
        return now >= deadline

    def _draw(self, number: int, now: float) -> None:
        client_id = f"op-{number}"
        self._sent[client_id] = now
        y, x = divmod(number * 7919 % 1_000_000, 1000)  # each cell once
        event = {"type": "pixel_update", "id": client_id, "x": x, "y": y, "color": "#FF0000"}
        self._crowd.send(self._painters[number % self._count], orjson.dumps(event))

    def _take(self, descriptor: int, payload: bytes) -> None:
        if payload.startswith(b'{"type":"ack"'):
            self.acked += 1
            if self.timing:
                sent = self._sent[orjson.loads(payload)["id"]]
                self.latencies.add((time.monotonic() - sent) * 1000)
        elif b'"code":"busy"' in payload:
            self.refused += 1
        elif payload.startswith(b'{"type":"error"'):
            raise Faulty(f"a placement was refused: {payload.decode()}")


@dataclass
class PlainClient:
    """A client that puts one pixel after the other, over one connection."""

    port: int
    done: int = 0

    def run(self, stop: threading.Event) -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port)) as connection:
            while not stop.is_set():
                pixel = {
                    "x": random.randrange(1000),
                    "y": random.randrange(1000),
                    "color": "#FF0000",
                }
                connection.request(
                    "PUT", "/", json.dumps(pixel), {"Content-Type": "application/json"}
                )
                answer = connection.getresponse()
                answer.read()
                if answer.status != 200:
                    raise Faulty(f"the plain way answered {answer.status}")
                self.done += 1


def plain(environment: Mapping[str, str]) -> float:
    """Return the requests a second that `update_or_create` behind DRF answers."""
    with gateways.plain_django(environment) as server:
        clients = [PlainClient(server.port) for _ in range(CLIENTS)]
        stop = threading.Event()
        threads = [threading.Thread(target=client.run, args=[stop]) for client in clients]
        for thread in threads:
            thread.start()
        time.sleep(WARM_UP)
        before = sum(client.done for client in clients)
        time.sleep(WINDOW)
        done = sum(client.done for client in clients) - before
        stop.set()
        for thread in threads:
            thread.join()
    return done / WINDOW


def paint(rig: Rig, pods: int = 1, offered: int = RATE) -> tuple[float, float, float]:
    """Return the placements a second, and the p50 and p99 of their acks in ms."""
    with rig.trial(gateways.pod) as trial, ExitStack() as running:
        others = start_all(running, gateways.pod, pods - 1, trial.environment)
        painting = Painting(trial, [trial.gateway, *others], offered)
        rate = painting.run()
    p50, p99 = painting.latencies.percentile(50), painting.latencies.percentile(99)
    log(f"placements: {pods} pods, {rate:,.0f}/s, ack p99 {p99:.0f} ms, {painting.refused} refused")
    return rate, p50, p99


def run(rig: Rig, rounds: int) -> Section:
    rate, p50, p99 = map(median, zip(*(paint(rig) for _ in range(rounds)), strict=True))
    together, slow50, slow99 = paint(rig, PODS, BUSIEST)
    peer = plain(rig.environment())
    log(f"placements: update_or_create behind DRF {peer:,.0f}/s")
    return Section(
        "A pixel placed",
        f"PostgreSQL with fsync, full_page_writes and synchronous_commit on. {PAINTERS} people with"
        f" accounts drew through WebSockets on one pod, {RATE:,} pixels a second offered; each was"
        " committed, acknowledged, and seen by all; where more are offered than a pod places, it"
        " refuses those that would wait too long. The plain way is `update_or_create` in a view"
        f" of Django REST framework on uvicorn, {CLIENTS} connections that never rest.",
        ("way", "durable placements/s", "ack p50 ms", "ack p99 ms"),
        [
            ("pixelsite, WebSocket", f"{rate:,.0f}", f"{p50:.0f}", f"{p99:.0f}"),
            (
                f"pixelsite, {PODS} pods, {BUSIEST:,} a second offered",
                f"{together:,.0f}",
                f"{slow50:.0f}",
                f"{slow99:.0f}",
            ),
            ("update_or_create behind DRF", f"{peer:,.0f}", "", ""),
        ],
        [
            Claim("durable placements/s", f">= {PLACED:,}", f"{rate:,.0f}", rate >= PLACED),
            Claim("their ack, p99", f"<= {P99} ms", f"{p99:.0f} ms", p99 <= P99),
            Claim(
                f"durable placements/s from {PODS} pods, with ack p99 <= {BUSIEST_P99} ms",
                f">= {BUSIEST:,}",
                f"{together:,.0f}, {slow99:.0f} ms",
                together >= 0.99 * BUSIEST and slow99 <= BUSIEST_P99,
            ),
            Claim(
                "placements, to `update_or_create` behind DRF",
                f">= {TIMES} x",
                f"{rate / peer:.1f} x",
                rate >= TIMES * peer,
            ),
        ],
    )
