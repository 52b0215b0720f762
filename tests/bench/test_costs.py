"""The short form of the bench: what a delivery costs, held against the null server's.

Ratios within one run, with slack: a machine that is slow or busy is so for both, and what slips
to twice the cost is caught. `make bench` has the whole.
"""

from collections.abc import Callable, Iterator

import pytest

from bench import gateways
from bench.fan_out import FanOut, measure
from bench.gateways import Make
from bench.stage import Stage
from tests.support.postgres import SETTINGS

SOCKETS = 300
RATE = 200  # px/s
WINDOW = 2.0  # seconds

PACKED = 1.6  # times what the null server takes; measured: 0.8 to 1.0
PLAIN = 8.0  # a frame a pixel; measured: 4 to 5

pytestmark = [pytest.mark.bench, pytest.mark.measured]

Measured = Callable[[Make], FanOut]


@pytest.fixture(scope="module")
def measured() -> Iterator[Measured]:
    """PodStats a gateway; whatever it loses, or closes, is an error."""
    with Stage(SETTINGS) as stage:
        yield lambda make: measure(stage, make, SOCKETS, RATE, WINDOW)


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
