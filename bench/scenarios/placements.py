"""The rate of placements: through our sockets, and through the plain way with Django."""

import http.client
import json
import random
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from statistics import median

from bench import gateways, people
from bench.fan_out import follow_for
from bench.gateways import start_all
from bench.load.crowd import Crowd
from bench.load.painting import Painting
from bench.load.reader import Faulty
from bench.progress import log
from bench.rig import Rig
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
    """Return the placements a second, and the p50 and p99 of their acks in ms.

    The people are spread evenly over the pods.
    """
    with rig.trial(gateways.pod) as trial, ExitStack() as running:
        others = start_all(running, gateways.pod, pods - 1, trial.environment)
        crowd = running.enter_context(trial.crowd())
        cookies = people.logged_in(max(PAINTERS, offered // EACH), trial.environment)
        for number, pod in enumerate([trial.gateway, *others]):
            crowd.aim(pod.address)
            own = cookies[number::pods]
            crowd.join(len(own), headers=own.__getitem__)
        follow_for(crowd, None, SETTLE)
        painting = Painting(crowd, offered)
        painting.draw_for(WARM_UP)
        rate = painting.measure(WINDOW)
        painting.settle(DRAIN_TIMEOUT)
        check_seen(crowd, painting.placed)
    p50, p99 = painting.latencies.percentile(50), painting.latencies.percentile(99)
    log(f"placements: {pods} pods, {rate:,.0f}/s, ack p99 {p99:.0f} ms, {painting.refused} refused")
    return rate, p50, p99


def check_seen(crowd: Crowd, placed: int) -> None:
    """Check that every placement reaches every socket once in order; raise Faulty."""
    deadline = time.monotonic() + DRAIN_TIMEOUT
    crowd.follow(None, lambda: crowd.slowest >= placed or time.monotonic() > deadline)
    if crowd.slowest != placed:
        raise Faulty(f"{placed} pixels placed, {crowd.slowest} seen")


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
