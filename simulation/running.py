"""A simulation from its beginning to its end: a plan carried out, and all that is checked."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import NamedTuple

from simulation.bounds import around
from simulation.checks import Checks
from simulation.faults import Faults
from simulation.loop import Endless
from simulation.plan import Plan
from simulation.world import World

STEP = 0.25  # seconds between two looks at the invariants
GARBAGE = 8  # steps from one collection of garbage to the next
SETTLED = 5.0  # seconds after the faults until every pod equals the ledger
ARRIVED = 1.0  # seconds after which a placement has come to every pod
RETRIES = 20.0  # seconds more, in which orders that were refused are still asked for
BACK = 45.0  # seconds until every client does
LEASE = 75.0  # seconds until the lease of a killed pod has run out, and all have read that
WARM_UP = 2.0  # seconds in which the pods start


class Outcome(NamedTuple):
    """The end of a simulation: what was wrong, all that happened, and how much that was."""

    plan: Plan
    wrong: str
    history: list[str]
    seconds: float
    turns: int
    placements: int
    misled: int  # clients that a failover has left with what the ledger lost

    @property
    def digest(self) -> str:
        return sha256("\n".join(self.history).encode()).hexdigest()


def simulate(plan: Plan) -> Outcome:
    """Carry a plan out, and return how it ended."""
    with garbage_by_plan():
        outcome = _simulate(plan)
        gc.collect()
    return outcome


@contextmanager
def garbage_by_plan() -> Iterator[None]:
    """Have garbage collected only where the simulation says, and only its own.

    What is collected may run code: a task that nobody holds runs its `finally`. When Python's own
    collector runs depends on all that the process has done before.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        if was_enabled:
            gc.enable()


def _simulate(plan: Plan) -> Outcome:
    world = World(plan)
    checks, faults = Checks(world), Faults(world)
    bounds = {"small": plan.small, "together": plan.together}
    with around(world.loop, world.database, plan.seed, alarm=world.alarm, **bounds):
        try:
            _live(world, checks, faults)
        except Endless as endless:
            checks.say(f"it waits for nothing: {endless}")
        finally:
            outcome = _end(world, checks)
    wrong = checks.wrong[0] if checks.wrong else ""
    outcome.history.insert(-1, f"the end: {wrong or 'all is well'}")
    return outcome._replace(wrong=wrong)


def _live(world: World, checks: Checks, faults: Faults) -> None:
    plan = world.plan
    for number in range(plan.pods):
        world.start(number)
    _go_on(world, checks, WARM_UP)
    for _ in range(plan.clients):
        world.add_client(checks).begin(plan.pace, plan.posts)
    faults.begin()
    _go_on(world, checks, plan.seconds)
    for client in world.clients:
        client.draws = False
    faults.end()
    _go_on(world, checks, SETTLED + world.damaged_for)
    _arrive(world, checks)
    ends: list[tuple[float, Callable[[], None]]] = [
        (0.0, checks.pods),
        (BACK, checks.clients),
        (0.0, checks.placements),
        (0.0, checks.cooldowns),
        (0.0, checks.epochs),
        (LEASE if world.has_dead else 0.0, checks.people),
    ]
    for seconds, check in ends:
        _go_on(world, checks, seconds)
        if not checks.wrong:
            check()


def _arrive(world: World, checks: Checks) -> None:
    """Go on until what was placed last has come to the pods."""
    end = world.loop.time() + RETRIES
    while world.ledger.quiet_for < ARRIVED and world.loop.time() < end and not checks.wrong:
        _go_on(world, checks, STEP)


def _go_on(world: World, checks: Checks, seconds: float) -> None:
    """Go on for so many seconds, as long as nothing is wrong."""
    end = world.loop.time() + seconds
    while world.loop.time() < end and not checks.wrong:
        world.loop.run(min(end, world.loop.time() + STEP))
        world.steps += 1
        if world.steps % GARBAGE == 0:
            gc.collect()
        checks.step()


def _end(world: World, checks: Checks) -> Outcome:
    """Sum up, then end all tasks, those of killed pods too: each has to end when cancelled."""
    loop, ledger = world.loop, world.ledger
    turns = f"{loop.turns} turns ({loop.trace:08x})"
    sums = f"{turns}, {world.database.calls} calls, {ledger.seq} placements"
    history, seconds = [*world.history, sums], loop.time() - world.began_at
    outcome = Outcome(world.plan, "", history, seconds, loop.turns, ledger.seq, checks.misled)
    for process in (*world.ended, *world.processes):
        process.revive()
    world.redis.layers.clear()
    for task in world.loop.end_all():
        checks.say(f"a task does not end: {task}")
    world.loop.close()
    return outcome
