"""What one message from Redis costs a pod, whoever it is for."""

from statistics import median

from bench import gateways
from bench.fan_out import measure
from bench.progress import say
from bench.report import Claim, Section
from bench.stage import Stage

QUIET, BUSY = 20.0, 2000.0  # px/s
TARGET = 25.0  # us


def run(stage: Stage, rounds: int) -> Section:
    costs = [cost(stage) for _ in range(rounds)]
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


def cost(stage: Stage) -> float:
    """In us: what a pod spends without messages is not theirs."""
    quiet, busy = (measure(stage, gateways.pod, 1, rate) for rate in (QUIET, BUSY))
    found = (busy.core - quiet.core) / (busy.delivered - quiet.delivered) * 1e6
    say(f"relay: {found:.1f} us a message")
    return found
