"""One gateway, many sockets, a steady stream of pixels: what a delivered update costs."""

import gc
import os
import time
from dataclasses import dataclass

from bench import usage
from bench.gateways import Make
from bench.load.crowd import Crowd
from bench.load.truth import Truth
from bench.stage import Stage

WARM_UP = 1.5  # seconds
WINDOW = 5.0  # seconds
TAIL = 0.3  # seconds that the feed goes on after the window
SETTLE = 0.7  # seconds after the joins, for what they set off
DRAIN = 15.0  # seconds in which the last message must have reached everyone


@dataclass(frozen=True)
class FanOut:
    """What was measured. Delays from the message's own timestamp to the generator."""

    gateway: str
    sockets: int
    rate: float  # pixels placed a second
    delivered: float  # updates a second, over all sockets
    cpu_us: float  # of the gateway, for one delivered update
    core: float  # share of one core that the gateway used
    p50: float  # ms
    p99: float
    generator: float  # share of one core that the generator used
    load: float  # the machine's load average at the end

    @property
    def kept_up(self) -> bool:
        """Whether what was placed in the window was delivered in it, give or take a moment."""
        return self.delivered > 0.95 * self.rate * self.sockets


def measure(stage: Stage, make: Make, sockets: int, rate: float, window: float = WINDOW) -> FanOut:
    """Run it and check every message; raise Faulty if one was lost or a socket closed.

    A gateway that does not keep up is not waited for.
    """
    with stage.show(make) as show, show.crowd() as crowd:
        crowd.join(sockets)
        follow_for(crowd, show.truth, SETTLE)
        show.feed.start(rate, WARM_UP + window + TAIL)
        follow_for(crowd, show.truth, WARM_UP)
        gc.collect()
        gc.disable()
        crowd.timing = True
        before = usage.cpu_seconds(show.gateway.pid), time.process_time(), crowd.delivered
        started = time.monotonic()
        follow_for(crowd, show.truth, window)
        seconds = time.monotonic() - started
        after = usage.cpu_seconds(show.gateway.pid), time.process_time(), crowd.delivered
        crowd.timing = False
        gc.enable()
        cpu, own, delivered = (now - then for now, then in zip(after, before, strict=True))
        result = FanOut(
            gateway=show.gateway.name,
            sockets=sockets,
            rate=rate,
            delivered=delivered / seconds,
            cpu_us=cpu / max(1, delivered) * 1e6,
            core=cpu / seconds,
            p50=crowd.latencies.percentile(50),
            p99=crowd.latencies.percentile(99),
            generator=own / seconds,
            load=os.getloadavg()[0],
        )
        if result.kept_up:
            check_all(crowd, show.truth, show.feed.wait())
        return result


def follow_for(crowd: Crowd, truth: Truth | None, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    crowd.follow(truth, lambda: time.monotonic() >= deadline)


def check_all(crowd: Crowd, truth: Truth, placed: int) -> None:
    """Every pixel that was placed has reached every socket."""
    deadline = time.monotonic() + DRAIN

    def told() -> bool:
        truth.read()
        return truth.last >= placed or time.monotonic() > deadline

    crowd.follow(truth, told)
    if truth.last != placed:
        raise RuntimeError(f"{placed} pixels were placed, but Redis carried {truth.last}")
    crowd.drain(truth, DRAIN)
