"""The cost of a delivered update: one gateway, many sockets, a steady stream of pixels."""

import gc
import os
import time
from dataclasses import dataclass

from bench import usage
from bench.gateways import GatewayFactory
from bench.load.crowd import Crowd
from bench.load.truth import Truth
from bench.rig import Rig

WARM_UP = 1.5  # seconds
WINDOW = 5.0  # seconds
TAIL = 0.3  # seconds that the feed goes on after the window
SETTLE = 0.7  # seconds after the joins, for the messages that they cause
DRAIN_TIMEOUT = 15.0  # seconds in which the last message must reach every socket


@dataclass(frozen=True)
class FanOut:
    """The result of one run; `p50` and `p99` are delays in ms, from the message's timestamp."""

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
        """Tell whether the gateway delivered at least 95 % of the window's pixels within it."""
        return self.delivered > 0.95 * self.rate * self.sockets


def measure(
    rig: Rig, make: GatewayFactory, sockets: int, rate: float, window: float = WINDOW
) -> FanOut:
    """Run one gateway under load for `window` seconds, `rate` pixels a second, and measure it.

    Every message is checked: raise Faulty if one was lost or a socket closed. Of a gateway that
    does not keep up, messages that come later are not waited for.
    """
    with rig.trial(make) as trial, trial.crowd() as crowd:
        crowd.join(sockets)
        follow_for(crowd, trial.truth, SETTLE)
        trial.feed.start(rate, WARM_UP + window + TAIL)
        follow_for(crowd, trial.truth, WARM_UP)
        gc.collect()
        gc.disable()
        crowd.timing = True
        before = usage.cpu_seconds(trial.gateway.pid), time.process_time(), crowd.delivered
        started = time.monotonic()
        follow_for(crowd, trial.truth, window)
        seconds = time.monotonic() - started
        after = usage.cpu_seconds(trial.gateway.pid), time.process_time(), crowd.delivered
        crowd.timing = False
        gc.enable()
        cpu, own, delivered = (now - then for now, then in zip(after, before, strict=True))
        result = FanOut(
            gateway=trial.gateway.name,
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
            check_all(crowd, trial.truth, trial.feed.wait())
        return result


def follow_for(crowd: Crowd, truth: Truth | None, seconds: float) -> None:
    """Read and check what the sockets get for so many seconds."""
    deadline = time.monotonic() + seconds
    crowd.follow(truth, lambda: time.monotonic() >= deadline)


def check_all(crowd: Crowd, truth: Truth, placed: int) -> None:
    """Check that every placed pixel reaches every socket within DRAIN_TIMEOUT."""
    deadline = time.monotonic() + DRAIN_TIMEOUT

    def is_published() -> bool:
        truth.read()
        return truth.last >= placed or time.monotonic() > deadline

    crowd.follow(truth, is_published)
    if truth.last != placed:
        raise RuntimeError(f"{placed} pixels were placed, but Redis carried {truth.last}")
    crowd.drain(truth, DRAIN_TIMEOUT)
