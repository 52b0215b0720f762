"""The world of a simulation: its loop, its services, its pods and its clients."""

import random

from django.contrib.auth.models import AnonymousUser, User

from accounts.people import GUEST_COOKIE, guest_cookie, identify
from canvas.domain.rules import CanvasMeta
from simulation.bounds import Alarm
from simulation.canvas_ledger import CanvasLedger
from simulation.client import Client
from simulation.database import Database
from simulation.judge import Judge
from simulation.ledger import MemoryLedger
from simulation.loop import VirtualLoop
from simulation.plan import Fault, Plan
from simulation.posts import Posts
from simulation.process import ADDRESS, Process, Visit
from simulation.redis import Redis

PALETTE = ("#FFFFFF", "#000000", "#FF0000", "#00FF00", "#0000FF", "#FFFF00")
SIDE = 12  # cells
SLUGS = ("main", "second", "third")
ACCOUNTS, COOKIES = 0.7, 0.9  # the shares of those with an account, and with any cookie


class World:
    """Holds all parts.

    `failed_over_at` is when the ledger last lost its end without a word; `ahead` are the clients
    who have something of that end, by number, and the processes that do.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.loop = VirtualLoop()
        self.began_at = self.loop.time()
        self.history: list[str] = []
        self.steps = 0  # looks at the invariants so far
        self.redis = Redis(self.loop, str(plan.seed))
        epochs = random.Random(f"{plan.seed}/epochs")
        metas = [
            _meta(number, slug, plan.cooldown, epochs.getrandbits(52))
            for number, slug in enumerate(SLUGS[: plan.canvases], 1)
        ]
        self.ledger = MemoryLedger(metas, self.loop.time, lambda: epochs.getrandbits(52))
        self.database = Database(self.ledger, str(plan.seed))
        self.posts = Posts(self.database, self.choose)
        self.processes: list[Process] = []
        self.ended: list[Process] = []
        self.clients: list[Client] = []
        self.alarm = Alarm()
        self.failed_over_at = float("-inf")
        self.damaged_by: dict[str, Fault] = {}  # by slug, while it lasts
        self.damaged_for = 0.0  # seconds, of all canvases
        self.ahead: dict[int, list[Process]] = {}
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

    def canvas(self, number: int) -> CanvasLedger:
        """Return one of the canvases, chosen by any number."""
        return self.ledger.canvas(SLUGS[number % self.plan.canvases])

    def fail_over(self, lost: int) -> None:
        """Go on with a replica that lacks the newest placements; nobody renews the epoch."""
        self.has_lost, self.failed_over_at = True, self.loop.time()
        self.ledger.lose(lost)
        for client in self.clients:
            seq = self.ledger.canvas(client.slug).seq
            if client.board.seq > seq:
                knowing = [each for each in self.processes if each.last(client.slug) > seq]
                self.ahead[client.number] = knowing

    def client(self, number: int) -> Client:
        """Return one of the clients, chosen by any number."""
        return self.clients[number % len(self.clients)]

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
        user, cookies = _someone(number % max(2, self.plan.clients - 2) + 1, chance.random())
        client = Client(
            self.loop,
            number,
            str(self.plan.seed),
            judge,
            self.choose,
            self.log,
            identify(user, cookies, ADDRESS),
            self.posts,
            Visit(
                SLUGS[number % self.plan.canvases],
                cookies,
                binary=chance.random() < 0.7,
                direct=chance.random() < 0.5,
            ),
        )
        self.clients.append(client)
        return client


def _someone(number: int, which: float) -> tuple[AnonymousUser | User, dict[str, str]]:
    """Return a person and the cookies of their browser: an account, or a guest with a cookie of
    theirs or with none.
    """
    if which < ACCOUNTS:
        return User(pk=number, username=f"person{number}"), {"sessionid": f"session{number}"}
    cookie = {GUEST_COOKIE: guest_cookie(f"{number:016x}")} if which < COOKIES else {}
    return AnonymousUser(), cookie


def _meta(number: int, slug: str, cooldown: int, epoch: int) -> CanvasMeta:
    return CanvasMeta(number, slug, SIDE, SIDE, PALETTE, cooldown, frozen=False, epoch=epoch)
