"""The revert of a million placements while people draw on and a pod is killed half way."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson
import psycopg

from bench import gateways, usage
from bench.fan_out import follow_for
from bench.gateways import Gateway
from bench.load.crowd import Crowd
from bench.load.latency import Latencies
from bench.load.reader import Faulty
from bench.progress import log
from bench.rig import Rig
from bench.section import Claim, Section
from tests.support.processes import manage

EARLIER = 100_000  # placements of others, on as many cells, which come back
PLACEMENTS = 1_000_000  # of the vandal, over these and more
CELLS = 800_000  # that the vandal drew on: 800 rows of 1000
RATE = 40.0  # px/s that people draw meanwhile, below those rows
PAINTERS = 100  # each waits for its answer before the next pixel: fewer would queue
SETTLE = 1.0  # seconds
PROGRESS_INTERVAL = 0.01  # seconds between two reads of the progress
MEMORY_INTERVAL = 2.0  # seconds between two reads of the memory, which slow the pod down
TIMEOUT = 600.0  # seconds
SECONDS, ACK_MS, MEGABYTES = 60, 500, 50  # the targets

SEED = f"""
INSERT INTO canvas_placement (canvas_id, seq, x, y, color, actor, username, placed_at)
SELECT c.id, n, n * 7919 %% {CELLS} %% 1000, n * 7919 %% {CELLS} / 1000, 1 + n %% 20,
    CASE WHEN n <= {EARLIER} THEN 'guest:artist' ELSE 'guest:vandal' END, 'Guest', now()
FROM canvas_canvas c, generate_series(1::bigint, %s) n WHERE c.slug = 'main'
"""
BEGIN = """
from django.contrib.auth.models import User
from canvas.ledger.reads import head
from moderation.acts.revert import revert
from moderation.plans.plan import EVERYWHERE
from moderation.plans.restoration import Restoration
plan = Restoration(("guest:vandal",), EVERYWHERE, 0, head("main").seq)
revert(User.objects.create_superuser("mo"), "main", plan, "the bench")
"""
PROGRESS = "SELECT looked_at, written, state FROM moderation_operation"
DRAWN = EARLIER + PLACEMENTS


@dataclass
class Outcome:
    """The result: seconds, acks in ms, `grown` in bytes.

    `longest` is the longest time without progress, apart from the `takeover` after the kill.
    """

    took: float = 0.0
    longest: float = 0.0
    takeover: float = 0.0
    grown: int = 0
    acks: Latencies = field(default_factory=Latencies)


def run(rig: Rig, rounds: int) -> Section:
    outcome = measure(rig)
    p50, p99 = outcome.acks.percentile(50), outcome.acks.percentile(99)
    grown = outcome.grown / 2**20
    log(
        f"reverting: {outcome.took:.0f} s, longest chunk {outcome.longest:.2f} s, takeover"
        f" {outcome.takeover:.2f} s, {grown:.0f} MB, acks p50 {p50:.0f} ms, p99 {p99:.0f} ms"
    )
    return Section(
        "A million placements reverted",
        f"One person's {PLACEMENTS:,} placements on {CELLS:,} cells, over {EARLIER:,} of others,"
        f" reverted by two pods in chunks, until one of them was killed half way; on the other"
        f" {PAINTERS} people drew {RATE:g} pixels a second together. It took **{outcome.took:.0f}"
        f" s**; the longest time without progress was {outcome.longest:.2f} s, and after the kill"
        f" {outcome.takeover:.2f} s. Every cell was restored once, no seq is missing, and"
        " `verify_canvas` found ledger, stored boards and the pod's memory the same.",
        claims=[
            Claim(
                f"{PLACEMENTS:,} placements reverted",
                f"<= {SECONDS} s",
                f"{outcome.took:.0f} s",
                outcome.took <= SECONDS,
            ),
            Claim(
                "acks of people who draw meanwhile, p99",
                f"<= {ACK_MS} ms",
                f"{p99:.0f} ms (p50 {p50:.0f})",
                p99 <= ACK_MS,
            ),
            Claim(
                "memory of the pod, grown by it",
                f"<= {MEGABYTES} MB",
                f"{grown:.0f} MB",
                grown <= MEGABYTES,
            ),
        ],
    )


def measure(rig: Rig) -> Outcome:
    environment = rig.environment()
    with psycopg.connect(environment["DATABASE_URL"], autocommit=True) as database:
        database.execute(SEED, [DRAWN])
        database.execute("UPDATE canvas_canvas SET seq = %s WHERE slug = 'main'", [DRAWN])
        with gateways.pod(environment) as survivor, gateways.pod(environment) as doomed:
            outcome = Revert(survivor, doomed, database, environment).run()
            address = f"--pod=http://127.0.0.1:{survivor.port}"
            manage("verify_canvas", address, environment=environment)
    return outcome


class Revert:
    """A run: begin the revert, draw until it is done, and kill one of the pods half way."""

    def __init__(
        self,
        survivor: Gateway,
        doomed: Gateway,
        database: psycopg.Connection,
        environment: Mapping[str, str],
    ) -> None:
        self._survivor, self._doomed = survivor, doomed
        self._database, self._environment = database, environment
        self._outcome = Outcome()
        self._sent: dict[str, float] = {}
        self._acked = 0
        self._begun = self._looked = self._weighed = self._moved = 0.0
        self._position = 0
        path = f"/ws/?since={DRAWN}"
        self._crowd = Crowd(survivor.address, path, survivor.wire, first=DRAWN + 1)
        self._crowd.on_event = self._take

    def run(self) -> Outcome:
        with self._crowd as crowd:
            crowd.join(PAINTERS)
            follow_for(crowd, None, SETTLE)
            weight = usage.memory_bytes(self._survivor.pid)
            manage("shell", "-c", BEGIN, environment=self._environment)
            self._begun = self._moved = time.monotonic()
            crowd.follow(None, lambda: self._step(weight))
            self._outcome.took = time.monotonic() - self._begun
            self._check_all()
        return self._outcome

    def _step(self, weight: int) -> bool:
        now = time.monotonic()
        if now - self._begun > TIMEOUT:
            raise Faulty(f"after {TIMEOUT:g} s {self._position} placements were looked at")
        if len(self._sent) < (now - self._begun) * RATE:
            self._draw(now)
        if now - self._weighed > MEMORY_INTERVAL:
            self._weighed = now
            grown = usage.memory_bytes(self._survivor.pid) - weight
            self._outcome.grown = max(self._outcome.grown, grown)
        if now - self._looked < PROGRESS_INTERVAL:
            return False
        self._looked = now
        return self._has_ended()

    def _has_ended(self) -> bool:
        row = self._database.execute(PROGRESS).fetchone()
        assert row
        looked_at, written, state = row
        if looked_at != self._position:
            self._note_progress(looked_at)
        if state == "failed" or (state == "done" and written != CELLS):
            raise Faulty(f"the operation is {state}: {written} pixels drawn, not {CELLS}")
        return bool(state == "done")

    def _note_progress(self, looked_at: int) -> None:
        now = time.monotonic()
        stood = now - self._moved
        if self._doomed.process.running:
            self._outcome.longest = max(self._outcome.longest, stood)
        elif not self._outcome.takeover:
            self._outcome.takeover = stood
        else:
            self._outcome.longest = max(self._outcome.longest, stood)
        self._position, self._moved = looked_at, now
        if looked_at > PLACEMENTS / 2 and self._doomed.process.running:
            self._doomed.process.kill()

    def _draw(self, now: float) -> None:
        client_id = f"op-{len(self._sent)}"
        self._sent[client_id] = now
        # each cell once, below those of the vandal
        y, x = divmod(CELLS + len(self._sent) * 7919 % (1_000_000 - CELLS), 1000)
        event = {"type": "pixel_update", "id": client_id, "x": x, "y": y, "color": "#FF0000"}
        painters = self._crowd.descriptors
        self._crowd.send(painters[len(self._sent) % PAINTERS], orjson.dumps(event))

    def _take(self, descriptor: int, payload: bytes) -> None:
        if payload.startswith(b'{"type":"ack"'):
            self._acked += 1
            sent = self._sent[orjson.loads(payload)["id"]]
            self._outcome.acks.add((time.monotonic() - sent) * 1000)
        elif payload.startswith(b'{"type":"error"'):
            raise Faulty(f"a placement was refused: {payload.decode()}")

    def _check_all(self) -> None:
        """Check that all pixels are acknowledged, and that these and the restored reach all."""
        expected = DRAWN + CELLS + len(self._sent)
        deadline = time.monotonic() + 30

        def is_over() -> bool:
            is_complete = self._crowd.slowest >= expected and self._acked == len(self._sent)
            return is_complete or time.monotonic() > deadline

        self._crowd.follow(None, is_over)
        if self._crowd.slowest != expected or self._acked != len(self._sent):
            seen = f"{self._crowd.slowest} of {expected} seen"
            raise Faulty(f"{seen}, {self._acked} of {len(self._sent)} acknowledged")
