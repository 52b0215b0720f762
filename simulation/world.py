"""The world of a simulation: its loop, its services, its pods and its clients."""

import random

from django.contrib.auth.models import AnonymousUser, User

from accounts.people import identify
from canvas.domain.rules import CanvasMeta
from simulation.bounds import Alarm
from simulation.client import Client, Judge
from simulation.database import Database
from simulation.ledger import SLUG, MemoryLedger
from simulation.loop import VirtualLoop
from simulation.plan import Plan
from simulation.process import Process
from simulation.redis import Redis

PALETTE = ("#FFFFFF", "#000000", "#FF0000", "#00FF00", "#0000FF", "#FFFF00")
SIDE = 12  # cells


class World:
    """Holds all parts. `failed_over_at` is when the ledger last lost its end without a word."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.loop = VirtualLoop()
        self.began_at = self.loop.time()
        self.history: list[str] = []
        self.steps = 0  # looks at the invariants so far
        self.redis = Redis(self.loop, str(plan.seed))
        epochs = random.Random(f"{plan.seed}/epochs")
        epoch = epochs.getrandbits(52)
        meta = CanvasMeta(1, SLUG, SIDE, SIDE, PALETTE, 0, frozen=False, epoch=epoch)
        self.ledger = MemoryLedger(meta, self.loop.time, lambda: epochs.getrandbits(52))
        self.database = Database(self.ledger, str(plan.seed))
        self.processes: list[Process] = []
        self.ended: list[Process] = []
        self.clients: list[Client] = []
        self.alarm = Alarm()
        self.failed_over_at = float("-inf")
        self.has_lost = False  # placements that were acknowledged

    def log(self, what: str) -> None:
        self.history.append(f"{self.loop.time() - self.began_at:8.3f} {what}")

    def start(self, number: int) -> Process:
        """Start the process of a pod, in place of the one before."""
        process = Process(self.loop, self.redis, f"pod-{number + 1}")
        if number < len(self.processes):
            self.ended.append(self.processes[number])
            self.processes[number] = process
        else:
            self.processes.append(process)
        self.log(f"{process.name} starts")
        process.run(process.start())
        return process

    @property
    def has_dead(self) -> bool:
        """Tell whether a pod was killed, whose lease may be there still."""
        return bool(self.ended) or not all(each.is_alive for each in self.processes)

    def choose(self, chance: random.Random) -> Process | None:
        """Return the pod that a balancer sends a client to."""
        serving = [each for each in self.processes if each.serves]
        return chance.choice(serving) if serving else None

    def add_client(self, judge: Judge) -> Client:
        """Add a person's browser; some people have two."""
        number = len(self.clients)
        chance = random.Random(f"{self.plan.seed}/kind{number}")
        account = number % max(2, self.plan.clients - 2) + 1
        is_guest = chance.random() < 0.15
        user = AnonymousUser() if is_guest else User(pk=account, username=f"person{account}")
        person = identify(user, {}, "192.0.2.1")
        client = Client(
            self.loop,
            number,
            str(self.plan.seed),
            judge,
            self.choose,
            self.log,
            session="" if is_guest else f"session{account}",
            actor=person.id,
            binary=chance.random() < 0.7,
            direct=chance.random() < 0.5,
            pace=self.plan.pace,
        )
        self.clients.append(client)
        return client
