"""What a socket that only watches keeps in memory."""

from bench import gateways, people, usage
from bench.fan_out import follow_for
from bench.progress import say
from bench.report import Claim, Section
from bench.stage import Stage

SOCKETS = 5000
WARM = 100  # sockets that come first: what the first of anything allocates is not theirs
SETTLE = 3.0  # seconds
TARGET = 24.0  # KB


def run(stage: Stage, rounds: int) -> Section:
    kilobytes = measure(stage)
    say(f"memory: {kilobytes:.1f} KB a socket")
    return Section(
        "A socket that is idle",
        f"{SOCKETS:,} people with accounts and sessions joined one pod. Its own memory (PSS, which"
        f" is RSS without what others share) grew by **{kilobytes:.1f} KB** a socket. What the"
        " kernel keeps for a TCP connection comes on top and is the same for every gateway.",
        claims=[
            Claim(
                "memory for an idle socket, sessions on",
                f"<= {TARGET:g} KB",
                f"{kilobytes:.1f} KB",
                kilobytes <= TARGET,
            )
        ],
    )


def measure(stage: Stage) -> float:
    with stage.show(gateways.pod) as show, show.crowd() as crowd:
        cookies = people.logged_in(SOCKETS, show.environment)
        crowd.join(WARM)
        follow_for(crowd, show.truth, SETTLE)
        before = usage.memory_bytes(show.gateway.pid)
        crowd.join(SOCKETS, headers=lambda number: cookies[number])
        follow_for(crowd, show.truth, SETTLE)
        return (usage.memory_bytes(show.gateway.pid) - before) / SOCKETS / 1024
