"""What one message from Redis costs a pod, whoever it is for."""

from statistics import median

from bench import gateways
from bench.fan_out import measure
from bench.progress import say
from bench.report import Claim, Section
from bench.stage import Stage

RATE = 2000.0  # px/s
TARGET = 25.0  # us


def run(stage: Stage, rounds: int) -> Section:
    costs = []
    for _ in range(rounds):
        result = measure(stage, gateways.pod, sockets=1, rate=RATE)
        costs.append(result.core / result.delivered * 1e6)
        say(f"relay: {costs[-1]:.1f} us a message")
    cost = median(costs)
    return Section(
        "A message relayed",
        f"One socket and {RATE:,.0f} px/s: all that the pod does for a message (read it from Redis,"
        f" check it, put it in order, draw it on the board) took **{cost:.1f} us** of CPU, what a"
        " second of an idle pod costs included.",
        claims=[
            Claim("CPU a message from Redis", f"<= {TARGET:g} us", f"{cost:.1f} us", cost <= TARGET)
        ],
    )
