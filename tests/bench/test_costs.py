"""The short form of the bench: the cost of a delivery compared with the null server's.

The bounds are ratios within one round, because a slow or busy machine slows both, and wide enough
for noise: a delivery of twice the cost fails. Where others use the cores, wake-ups cost a pod more
than they cost the null server: there one round of several is within the bound, and on a quiet
machine each or none. `make bench` measures everything.
"""

from collections.abc import Callable, Iterator

import pytest

from bench import gateways
from bench.fan_out import FanOut, measure
from bench.gateways import GatewayFactory
from bench.rig import Rig
from tests.support.postgres import SETTINGS

SOCKETS = 300
RATE = 200  # px/s
WINDOW = 2.0  # seconds
ROUNDS = 6  # at most

PACKED = 1.6  # times what the null server takes; measured: 0.8 to 1.0
PLAIN = 8.0  # a frame a pixel; measured: 4 to 5

pytestmark = [pytest.mark.bench, pytest.mark.measured, pytest.mark.timeout(300)]

Measured = Callable[[GatewayFactory], FanOut]


@pytest.fixture(scope="module")
def measured() -> Iterator[Measured]:
    """A function that measures a gateway and fails for every lost message or closed socket."""
    with Rig(SETTINGS) as rig:
        yield lambda make: measure(rig, make, SOCKETS, RATE, WINDOW)


def ratios(measured: Measured, make: GatewayFactory) -> Iterator[float]:
    """Yield what a gateway costs, in times of what the null server takes, round by round."""
    for _ in range(ROUNDS):
        floor, pod = measured(gateways.null), measured(make)
        assert pod.kept_up
        yield pod.cpu_us / floor.cpu_us


def assert_below(bound: float, found: Iterator[float]) -> None:
    """Fail where no round is below the bound."""
    dearer: list[float] = []
    for ratio in found:
        if ratio < bound:
            return
        dearer.append(ratio)
    raise AssertionError(f"{dearer} times the null server's, not {bound}")


def test_a_packed_delivery_costs_about_what_the_kernel_takes(measured: Measured) -> None:
    assert_below(PACKED, ratios(measured, gateways.pod))


def test_a_plain_delivery_costs_a_few_times_that(measured: Measured) -> None:
    assert_below(PLAIN, ratios(measured, gateways.pod_json))
