"""The memory of a socket that only watches."""

from bench import gateways, people, usage
from bench.fan_out import follow_for
from bench.progress import log
from bench.rig import Rig
from bench.section import Claim, Section

SOCKETS = 5000
WARM = 100  # sockets that join first and allocate what all of them share
SETTLE = 3.0  # seconds
TARGET = 24.0  # KB


def run(rig: Rig, rounds: int) -> Section:
    kilobytes = measure(rig)
    log(f"memory: {kilobytes:.1f} KB a socket")
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


def measure(rig: Rig) -> float:
    """Return the KB of the pod's memory for each socket."""
    with rig.trial(gateways.pod) as trial, trial.crowd() as crowd:
        cookies = people.logged_in(SOCKETS, trial.environment)
        crowd.join(WARM)
        follow_for(crowd, trial.truth, SETTLE)
        before = usage.memory_bytes(trial.gateway.pid)
        crowd.join(SOCKETS, headers=lambda number: cookies[number])
        follow_for(crowd, trial.truth, SETTLE)
        return (usage.memory_bytes(trial.gateway.pid) - before) / SOCKETS / 1024
