"""Any story leaves the board of every pod, and all that is stored, equal to the fold of the ledger.

A story is random and comes from its seed: placements, other rules and sizes, moderation, sealing,
restarts, and a network that loses, repeats, reorders and forges messages. STORIES=1000 tells more.
"""

import asyncio
import os
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import pytest

from canvas import signals
from canvas.domain.pixel import Pixel
from canvas.domain.rules import CanvasMeta
from canvas.ledger import fold, reads, segments, tip_copies, tips
from canvas.ledger.sealing import seal
from canvas.ledger.verification import Claim, verify
from canvas.models import Canvas
from canvas.pod.hub import Hub
from canvas.pod.relay import Relay
from canvas.pod.sealer import store_due
from canvas.pod.tip_cache import TipCache
from canvas.protocol import announcements
from canvas.services import Cell, configure, overwrite, renew_epoch
from tests.canvas.helpers import PALETTE, draw, in_thread, ledger_cells, order

STORIES = int(os.environ.get("STORIES", "6"))
STEPS = 90
PODS = 3
MIN_SIDE, MAX_SIDE = 4, 9  # cells; every placement lies within the smallest board

Message = dict[str, Any]


class LyingStore:
    """Copies of tips that are what was written, or anything else."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._values: dict[str, list[bytes]] = {}

    async def read(self, slug: str, longest: int) -> bytes:
        values = self._values.get(slug)
        if not values:
            return b""
        value = self._chance.choice(values)  # an old one, too
        cut = self._chance.randrange(len(value))
        forged = value[:cut] + b"\x00" + value[cut + 1 :]
        return self._chance.choice([value, value, value[:cut], forged])

    async def write(self, slug: str, value: bytes, slugs: Sequence[str]) -> bool:
        self._values.setdefault(slug, []).append(value)
        return True


class Story:
    """Pods on one ledger, and the messages that are on their way to each."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self._store = LyingStore(self.chance)
        self.pods = [self._new_pod() for _ in range(PODS)]
        self.mail: list[list[Message]] = [[] for _ in range(PODS)]
        self.told: list[Message] = []  # all that was ever published
        self.commits: list[tuple[CanvasMeta, Sequence[Pixel]]] = []
        self.changes: list[tuple[CanvasMeta, int]] = []
        self.tasks: list[asyncio.Task[None]] = []

    def _new_pod(self) -> Relay:
        return Relay(Hub(), tip_cache=TipCache(self._store))

    def on_committed(self, *, meta: CanvasMeta, pixels: Sequence[Pixel], **_: object) -> None:
        self.commits.append((meta, pixels))

    def on_changed(self, *, meta: CanvasMeta, seq: int, **_: object) -> None:
        self.changes.append((meta, seq))

    async def begin(self) -> None:
        for pod in self.pods:
            await pod.stream("main")

    async def step(self) -> None:
        """Do one thing, with the weights of how often such things happen."""
        acts: Mapping[Callable[[], Awaitable[None]], float] = {
            self.place: 14,
            self.deliver: 36,
            self.look: 12,
            self.change_rules: 0.6,
            self.resize: 0.3,
            self.moderate: 1,
            self.keep: 2,
            self.restart: 0.4,
            self.renew: 0.15,
        }
        (act,) = self.chance.choices(list(acts), list(acts.values()))
        await act()
        await self.publish(self.chance.randrange(PODS))

    async def place(self) -> None:
        cells = [
            order(
                self.chance.randrange(MIN_SIDE),
                self.chance.randrange(MIN_SIDE),
                self.chance.choice(PALETTE),
            )
            for _ in range(self.chance.randint(1, 8))
        ]
        await draw(*cells)  # where it is frozen, or a colour has been changed, it is refused

    async def publish(self, origin: int) -> None:
        """Tell what was committed, as the pod `origin` does."""
        commits, self.commits = self.commits, []
        changes, self.changes = self.changes, []
        messages: list[Message] = []
        for meta, pixels in commits:
            self.pods[origin].commit(meta, pixels)
            messages += [{**each} for each in announcements.committed(meta, pixels)]
        messages += [{**announcements.rules_changed(meta, seq)} for meta, seq in changes]
        self.told += messages
        for mail in self.mail:
            mail += messages

    async def deliver(self) -> None:
        """Bring some messages to a pod."""
        number = self.chance.randrange(PODS)
        for _ in range(self.chance.randint(1, 12)):
            self.bring(self.mail[number], self.pods[number])

    def bring(self, mail: list[Message], pod: Relay) -> None:
        """Bring the next message or a later one, once, twice, never or forged."""
        if self.chance.random() < 0.02 and self.told:
            pod.receive(self.chance.choice(self.told))  # of long ago
        if not mail:
            return
        message = mail.pop(self.chance.choice([*[0] * 9, self.chance.randrange(len(mail))]))
        match self.chance.randrange(20):
            case 0:
                pass
            case 1:
                pod.receive(message)
                pod.receive(message)
            case 2 | 3 | 4 | 5:
                pod.receive(self.forged(message))
            case _:
                pod.receive(message)

    def forged(self, message: Message) -> Message:
        """Return a message that nobody signed, and that could be true but for that."""
        x, y = (self.chance.randrange(MIN_SIDE) for _ in range(2))
        index = self.chance.randrange(len(PALETTE))
        lies: Sequence[Message] = (
            {"x": x, "y": y},
            {"index": index, "color": PALETTE[index]},
            {"seq": self.chance.randrange(400)},
            {"revision": 1, "epoch": 7},
            {"sig": "00" * 16},
        )
        lie = self.chance.choice(lies)
        return message | lie

    async def look(self) -> None:
        pod = self.chance.choice(self.pods)
        self.tasks.append(asyncio.create_task(pod.check()))
        await asyncio.sleep(self.chance.choice([0, 0, 0.01, 0.06]))

    async def change_rules(self) -> None:
        swapped = list(PALETTE)
        one, other = self.chance.sample(range(1, len(swapped)), 2)
        swapped[one], swapped[other] = swapped[other], swapped[one]
        some: list[Message] = [{"palette": swapped}, {"charges": 3}, {"frozen": False}]
        changes = self.chance.choice(some)
        await in_thread(configure)("main", changes)

    async def resize(self) -> None:
        width, height = (self.chance.randint(MIN_SIDE, MAX_SIDE) for _ in range(2))
        await in_thread(configure)("main", {"width": width, "height": height})

    async def moderate(self) -> None:
        x, color = self.chance.randrange(MIN_SIDE), self.chance.randrange(len(PALETTE))
        cells = [Cell(x, y, color, "moderator") for y in range(MIN_SIDE)]
        await in_thread(overwrite)("main", "operation:1", lambda meta, seq: cells)

    async def keep(self) -> None:
        copy = await in_thread(store_due)("main")
        if self.chance.random() < 0.5:
            meta = (await in_thread(reads.head)("main")).meta
            tip = await in_thread(tips.renew)(meta)
            copy = tip_copies.copy_of(tip, meta, "localhost")
        if copy is not None:
            await TipCache(self._store).write("main", copy)

    async def restart(self) -> None:
        number = self.chance.randrange(PODS)
        self.pods[number] = self._new_pod()
        self.mail[number].clear()
        await self.pods[number].stream("main")

    async def renew(self) -> None:
        await in_thread(renew_epoch)("main")

    async def settle(self) -> None:
        """Have every pod look until it agrees with the ledger, as it would by itself."""
        await asyncio.gather(*self.tasks)
        for pod in self.pods:
            for _ in range(20):
                head = await in_thread(reads.head)("main")
                stream = pod.current("main")
                if (stream.meta, stream.last) == (head.meta, head.seq):
                    break
                await pod.check()
                await asyncio.sleep(0.1)


@pytest.mark.both_databases
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(STORIES))
async def test_it_ends_with_the_fold_of_the_ledger(
    main: Canvas, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(segments, "SIZE", 8)
    monkeypatch.setattr(fold, "PAGE", 7)
    monkeypatch.setattr(tips, "MAX_BEHIND", 20)
    await in_thread(configure)("main", {"width": MAX_SIDE, "height": MAX_SIDE})
    story = Story(seed)
    await story.begin()
    signals.committed.connect(story.on_committed)
    signals.changed.connect(story.on_changed)
    try:
        for _ in range(STEPS):
            await story.step()
        await story.settle()
    finally:
        signals.committed.disconnect(story.on_committed)
        signals.changed.disconnect(story.on_changed)
    await in_thread(lambda: list(seal("main")))()
    head = await in_thread(reads.head)("main")
    truth = await in_thread(ledger_cells)(head.meta)
    told = await in_thread(reads.pixels_after)(head.meta, 0, 10_000)
    for number, pod in enumerate(story.pods):
        stream = pod.current("main")
        assert (stream.meta, stream.last) == (head.meta, head.seq), number
        assert stream.board.cells == truth, number
        since = next(seq for seq in range(head.seq + 1) if stream.between(seq, seq) is not None)
        assert stream.between(since, head.seq) == told[since:], number
        assert "main" not in pod.damaged
    claims = [
        Claim(f"pod {n}", pod.current("main").last, bytes(pod.current("main").board.cells))
        for n, pod in enumerate(story.pods)
    ]
    findings = await in_thread(lambda: list(verify(head.meta, head.seq, claims, full=True)))()
    assert [each for each in findings if each.fault] == []
    assert head.seq > segments.SIZE, "the story is worth telling"
