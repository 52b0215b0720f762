"""Placing beside readers: the answer to a placement while requests keep the pod busy."""

import random
import time
from functools import partial

import orjson

from bench import gateways
from bench.fan_out import follow_for
from bench.load.crowd import Crowd
from bench.load.latency import Latencies
from bench.load.readers import Readers
from bench.progress import log
from bench.rig import Rig, Trial
from bench.section import Claim, Section

PIXELS = 60
PAUSE = 0.08, 0.12  # seconds between two of them
WARM_UP = 1.0  # seconds
MOST = 3.0  # times the answer of an idle pod
LOADS = {
    "64 readers of GET /api/pixel": (64, "/api/pixel?x=1&y=1"),
    "200 that open the page": (200, "/"),
}


def run(rig: Rig, rounds: int) -> Section:
    rows, claims = [], []
    with rig.trial(gateways.pod) as trial, trial.crowd() as painter:
        painter.join(1)
        follow_for(painter, trial.truth, WARM_UP)
        idle = acks(trial, painter, first=1)
        rows.append(("alone", *delays(idle), "", ""))
        for number, (name, (count, path)) in enumerate(LOADS.items(), 1):
            with Readers(trial.gateway.port, count, path) as readers:
                follow_for(painter, trial.truth, WARM_UP)
                started = time.monotonic()
                busy = acks(trial, painter, first=number * PIXELS + 1)
                seconds = time.monotonic() - started + WARM_UP
            rate = f"{readers.answered / seconds:.0f}"
            rows.append((name, *delays(busy), rate, str(readers.refused)))
            ratio = busy.percentile(50) / max(1.0, idle.percentile(50))
            log(f"beside {name}: {ratio:.1f} x idle, {rate} requests/s")
            claims.append(
                Claim(
                    f"ack beside {name}, p50",
                    f"<= {MOST:g} x idle",
                    f"{ratio:.1f} x",
                    ratio <= MOST,
                )
            )
    return Section(
        "Placing beside readers",
        f"{PIXELS} pixels, one after the other, from sending the message to the `ack`, while other"
        " clients ask one pod for something over HTTP as fast as it answers.",
        header=("beside", "ack p50, ms", "p99, ms", "requests/s", "refused"),
        rows=rows,
        claims=claims,
    )


def acks(trial: Trial, painter: Crowd, first: int) -> Latencies:
    """Place pixels one after the other, and measure until each is acknowledged."""
    seen = Latencies()
    answered: set[str] = set()

    def note(_descriptor: int, payload: bytes) -> None:
        if b'"type":"ack"' in payload:  # others are pings, and events about people
            answered.add(orjson.loads(payload)["id"])

    painter.on_event = note
    for number in range(first, first + PIXELS):
        sent = time.monotonic()
        painter.send(painter.descriptors[0], draw(number))
        painter.follow(None, partial(answered.__contains__, f"op-{number}"))
        seen.add((time.monotonic() - sent) * 1000)
        follow_for(painter, trial.truth, random.uniform(*PAUSE))
    return seen


def delays(seen: Latencies) -> tuple[str, str]:
    return f"{seen.percentile(50):.0f}", f"{seen.percentile(99):.0f}"


def draw(number: int) -> bytes:
    """Return an order for a cell of its own: who draws what is there gets no `ack`."""
    y, x = divmod(number * 7919 % 1_000_000, 1000)
    event = {"type": "pixel_update", "id": f"op-{number}", "x": x, "y": y, "color": "#FF0000"}
    return orjson.dumps(event)
