"""The short form of the bench: the cost of a delivery compared with the null server's.

The bounds are ratios within one run, because a slow or busy machine slows both, and wide enough
for noise: a delivery of twice the cost fails. `make bench` measures everything.
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

PACKED = 1.6  # times what the null server takes; measured: 0.8 to 1.0
PLAIN = 8.0  # a frame a pixel; measured: 4 to 5

pytestmark = [pytest.mark.bench, pytest.mark.measured]

Measured = Callable[[GatewayFactory], FanOut]


@pytest.fixture(scope="module")
def measured() -> Iterator[Measured]:
    """A function that measures a gateway and fails for every lost message or closed socket."""
    with Rig(SETTINGS) as rig:
        yield lambda make: measure(rig, make, SOCKETS, RATE, WINDOW)


@pytest.fixture(scope="module")
def floor(measured: Measured) -> FanOut:
    return measured(gateways.null)


def test_a_packed_delivery_costs_about_what_the_kernel_takes(
    measured: Measured, floor: FanOut
) -> None:
    pod = measured(gateways.pod)
    assert pod.kept_up
    assert pod.cpu_us < PACKED * floor.cpu_us


def test_a_plain_delivery_costs_a_few_times_that(measured: Measured, floor: FanOut) -> None:
    pod = measured(gateways.pod_json)
    assert pod.kept_up
    assert pod.cpu_us < PLAIN * floor.cpu_us
