"""The faults of a plan, carried out: while one lasts, the parts that it concerns are worse."""

import random
from functools import partial

from simulation import copies
from simulation.client import Client
from simulation.damages import Damages
from simulation.decisions import Decisions
from simulation.plan import Fault
from simulation.process import Process
from simulation.redis import Weather
from simulation.world import World

FORGERIES = 0.05  # seconds between two


class Faults:
    """Begins and ends each fault at its time."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._active: list[Fault] = []
        self._over = False
        self._decisions = Decisions(world)
        self._damages = Damages(world)

    def begin(self) -> None:
        now = self._world.loop.time()
        for fault in self._world.plan.faults:
            self._world.loop.call_at(now + fault.at, self._begin, fault)

    def end(self) -> None:
        """End all that lasts."""
        for fault in list(self._active):
            self._finish(fault)
        self._over = True

    def _begin(self, fault: Fault) -> None:
        if self._over:
            return
        self._world.log(f"begins: {fault}")
        self._active.append(fault)
        self._act(fault.kind, fault)
        self._apply()
        self._world.loop.call_later(fault.seconds, self._finish, fault)

    def _finish(self, fault: Fault) -> None:
        if fault not in self._active:
            return
        self._active.remove(fault)
        if fault.seconds:
            self._world.log(f"ends: {fault}")
        self._act(f"end_{fault.kind}", fault)
        self._apply()

    def _act(self, name: str, fault: Fault) -> None:
        parts = (self, f"_{name}"), (self._decisions, name), (self._damages, name)
        for part, own in parts:
            if (act := getattr(part, own, None)) is not None:
                act(fault)

    # --- what lasts

    def _apply(self) -> None:
        """Have everything be as the active faults say."""
        world, database, redis = self._world, self._world.database, self._world.redis
        database.is_down = bool(self._amount("database_down"))
        database.hangs = bool(self._amount("database_hung"))
        database.is_read_only = bool(self._amount("read_only"))
        database.slow = 0.5 * self._amount("database_slow")
        database.unsure = self._amount("unsure")
        redis.is_down = bool(self._amount("redis_down"))
        redis.hangs = bool(self._amount("redis_hung"))
        world.ledger.held = {
            world.canvas(each.target).meta.slug for each in self._active if each.kind == "held"
        }
        for number, process in enumerate(world.processes):
            self._set_weather(process, number)
        for layer in redis.layers:
            layer.check()

    def _set_weather(self, process: Process, number: int) -> None:
        process.layer.weather = Weather(
            lost=self._amount("lossy", number),
            repeated=self._amount("repeats", number),
            reordered=self._amount("reorders", number),
            delay=self._amount("delays", number),
        )
        process.layer.is_cut = bool(self._amount("cut", number))
        if self._amount("pause", number) and process.is_alive:
            process.pause()
        elif process.is_paused:
            process.resumed_at = self._world.loop.time()
            process.go_on()

    def _amount(self, kind: str, number: int | None = None) -> float:
        """Return how bad it is, 0 for not at all; for one pod, or for all."""
        pods = self._world.plan.pods
        amounts = [
            max(each.amount, 0.01)
            for each in self._active
            if each.kind == kind and (number is None or each.target % pods == number)
        ]
        return max(amounts, default=0.0)

    def _forgeries(self, fault: Fault) -> None:
        if fault in self._active:
            self._world.redis.forge()
            self._world.loop.call_later(FORGERIES, self._forgeries, fault)

    # --- what happens to services and pods

    def _redis_emptied(self, fault: Fault) -> None:
        self._world.redis.empty()

    def _copies(self, fault: Fault) -> None:
        copies.spoil(self._world.redis, random.Random(fault.amount))

    def _restore(self, fault: Fault) -> None:
        """Bring an older ledger back, as the runbook says: with another epoch."""
        self._world.has_lost = True
        self._world.ledger.lose(int(fault.amount * 40))
        self._world.ledger.renew_epochs()
        self._world.database.take_told()

    def _failover(self, fault: Fault) -> None:
        self._world.fail_over(int(fault.amount * 10))

    def _kill(self, fault: Fault) -> None:
        process = self._process(fault)
        if process.is_alive and not process.is_stopping:
            self._world.loop.call_later(fault.seconds, self._start_again, process)
            process.leave()

    def _vanish(self, fault: Fault) -> None:
        """Kill a pod that does not come back, nor its people; unless it is the last."""
        process = self._process(fault)
        if process.serves and sum(each.serves for each in self._world.processes) > 1:
            process.leave()
            for client in self._world.clients:
                if client.process is process:
                    client.leave()

    def _stop(self, fault: Fault) -> None:
        process = self._process(fault)
        if process.serves and not process.is_paused:
            process.is_stopping = True
            stopping = process.run(process.stop())
            again = partial(self._world.loop.call_later, 0.1, self._start_again, process)
            stopping.add_done_callback(lambda _: again(), context=self._world.loop.outside)

    def _start_again(self, process: Process) -> None:
        self._world.start(self._world.processes.index(process))
        self._apply()

    # --- what happens to clients

    def _disconnect(self, fault: Fault) -> None:
        for client in self._world.clients:
            if client.process is self._process(fault) and client.wire is not None:
                client.wire.break_off()

    def _stall(self, fault: Fault) -> None:
        self._client(fault).stop_reading(fault.seconds)

    def _hide(self, fault: Fault) -> None:
        self._client(fault).hide(paused=True)

    def _end_hide(self, fault: Fault) -> None:
        client = self._client(fault)
        if client.is_paused:
            client.hide(paused=False)

    def _process(self, fault: Fault) -> Process:
        return self._world.processes[fault.target % len(self._world.processes)]

    def _client(self, fault: Fault) -> Client:
        return self._world.client(fault.target)
