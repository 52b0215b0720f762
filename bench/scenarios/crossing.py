"""The delay of a pixel from one pod's socket to another pod's, without other load."""

import random
import time
from functools import partial

import orjson

from bench import gateways
from bench.fan_out import follow_for
from bench.load.crowd import Crowd
from bench.load.latency import Latencies
from bench.load.truth import Truth
from bench.progress import log
from bench.rig import Rig
from bench.section import Claim, Section

PIXELS = 100
PAUSE = 0.08, 0.12  # seconds between two of them: longer than a tick
TICK_MS = 20.0  # canvas.pod.tick.TICK
HOP_MS = 2.0
ALLOWANCE_MS = 5.0


def run(rig: Rig, rounds: int) -> Section:
    seen = crossings(rig)
    hop = hops(rig)
    p50, p99 = seen.percentile(50), seen.percentile(99)
    log(f"crossing: p50 {p50:.0f} ms, p99 {p99:.0f} ms; Redis alone p50 {hop:.2f} ms")
    allowed = TICK_MS + ALLOWANCE_MS
    return Section(
        "Placed on one pod, seen on another",
        f"{PIXELS} pixels, one after the other, from sending the message to one pod to its frame"
        f" from the other, a commit on PostgreSQL with fsync between: p50 **{p50:.0f} ms**, p99"
        f" **{p99:.0f} ms**. A message through Redis alone took {hop:.2f} ms.",
        claims=[
            Claim(
                "placed to seen on another pod, p50",
                f"<= {allowed:g} ms",
                f"{p50:.0f} ms",
                p50 <= allowed,
            ),
            Claim(
                "the hop through Redis, p50", f"<= {HOP_MS:g} ms", f"{hop:.2f} ms", hop <= HOP_MS
            ),
        ],
    )


def crossings(rig: Rig) -> Latencies:
    """Place pixels on one pod, and measure until each is seen on another."""
    seen = Latencies()
    with (
        rig.trial(gateways.pod) as trial,
        gateways.pod(trial.environment) as other,
        trial.crowd() as painter,
        Crowd(other.address, other.path, other.wire) as watcher,
    ):
        painter.join(1)
        watcher.join(1)
        follow_for(watcher, trial.truth, 1.0)
        for number in range(1, PIXELS + 1):
            sent = time.monotonic()
            painter.send(painter.descriptors[0], _draw(number))
            watcher.follow(None, partial(_has, watcher, number))
            seen.add((time.monotonic() - sent) * 1000)
            follow_for(painter, trial.truth, random.uniform(*PAUSE))
    return seen


def hops(rig: Rig) -> float:
    """Return the median ms of a message to Redis and back."""
    import redis

    rig.redis.flush()
    truth, delays = Truth(rig.redis.url), []
    with redis.Redis.from_url(rig.redis.url) as client:
        for seq in range(1, PIXELS + 1):
            event = {"type": "pixel_updated", "seq": seq, "x": 0, "y": 0, "timestamp": 0}
            sent = time.monotonic()
            client.publish("pixel-updates", orjson.dumps(event))
            while truth.last < seq:
                truth.read()
            delays.append((time.monotonic() - sent) * 1000)
    truth.close()
    return sorted(delays)[PIXELS // 2]


def _has(crowd: Crowd, seq: int) -> bool:
    return crowd.slowest >= seq


def _draw(number: int) -> bytes:
    y, x = divmod(number * 7919 % 1_000_000, 1000)  # each cell once
    event = {"type": "pixel_update", "id": f"op-{number}", "x": x, "y": y, "color": "#FF0000"}
    return orjson.dumps(event)
