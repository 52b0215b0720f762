"""The cost of one message from Redis to a pod, without delivery to sockets."""

from statistics import median

from bench import gateways
from bench.fan_out import measure
from bench.progress import log
from bench.rig import Rig
from bench.section import Claim, Section

QUIET, BUSY = 20.0, 2000.0  # px/s
TARGET = 25.0  # us


def run(rig: Rig, rounds: int) -> Section:
    costs = [cost(rig) for _ in range(rounds)]
    typical = median(costs)
    return Section(
        "A message relayed",
        f"One socket, {QUIET:g} and {BUSY:,.0f} px/s: by the difference, all that the pod does for"
        " a message (read it from Redis, check it, put it in order, draw it on the board) took"
        f" **{typical:.1f} us** of CPU.",
        claims=[
            Claim(
                "CPU for a message from Redis",
                f"<= {TARGET:g} us",
                f"{typical:.1f} us",
                typical <= TARGET,
            )
        ],
    )


def cost(rig: Rig) -> float:
    """Return the us for a message: the difference of two rates, without a pod's constant cost."""
    quiet, busy = (measure(rig, gateways.pod, 1, rate) for rate in (QUIET, BUSY))
    found = (busy.core - quiet.core) / (busy.delivered - quiet.delivered) * 1e6
    log(f"relay: {found:.1f} us a message")
    return found
