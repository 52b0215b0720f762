"""A simulation from its beginning to its end: a plan carried out, and all that is checked."""

from collections.abc import Callable
from hashlib import sha256
from typing import NamedTuple

from simulation.bounds import around
from simulation.checks import Checks
from simulation.faults import Faults
from simulation.loop import Endless
from simulation.plan import Plan
from simulation.world import World

STEP = 0.25  # seconds between two looks at the invariants
SETTLED = 5.0  # seconds after the faults until every pod equals the ledger
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
    world = World(plan)
    checks, faults = Checks(world), Faults(world)
    bounds = {"small": plan.small, "together": plan.together}
    with around(world.loop, world.database, plan.seed, alarm=world.alarm, **bounds):
        try:
            _live(world, checks, faults)
        except Endless as endless:
            checks.say(f"it waits for nothing: {endless}")
        finally:
            seconds = world.loop.time() - world.began_at
            happened = len(world.history)
            _end(world)
            del world.history[happened:]
    wrong = checks.wrong[0] if checks.wrong else ""
    turns, placements = world.loop.turns, world.ledger.seq
    world.log(f"the end: {wrong or 'all is well'}")
    world.log(f"{turns} turns, {world.database.calls} calls, {placements} placements")
    return Outcome(plan, wrong, world.history, seconds, turns, placements, checks.misled)


def _live(world: World, checks: Checks, faults: Faults) -> None:
    plan = world.plan
    for number in range(plan.pods):
        world.start(number)
    _go_on(world, checks, WARM_UP)
    for _ in range(plan.clients):
        world.add_client(checks).begin()
    faults.begin()
    _go_on(world, checks, plan.seconds)
    for client in world.clients:
        client.draws = False
    faults.end()
    ends: list[tuple[float, Callable[[], None]]] = [
        (SETTLED, checks.pods),
        (BACK, checks.clients),
        (0.0, checks.placements),
        (LEASE if world.has_dead else 0.0, checks.people),
    ]
    for seconds, check in ends:
        _go_on(world, checks, seconds)
        if not checks.wrong:
            check()


def _go_on(world: World, checks: Checks, seconds: float) -> None:
    """Go on for so many seconds, as long as nothing is wrong."""
    end = world.loop.time() + seconds
    while world.loop.time() < end and not checks.wrong:
        world.loop.run(min(end, world.loop.time() + STEP))
        checks.step()


def _end(world: World) -> None:
    """End all tasks, those of killed pods too, so that nothing is left to be collected."""
    for process in (*world.ended, *world.processes):
        process.revive()
    world.redis.layers.clear()
    world.loop.end_all()
    world.loop.close()
