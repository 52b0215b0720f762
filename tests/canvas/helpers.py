"""Means of the canvas's tests: people, orders, pixels, and sockets that record."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import orjson
from channels.db import database_sync_to_async
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from prometheus_client import Counter

from accounts.people import Person
from canvas import metrics
from canvas.domain.pixel import Pixel
from canvas.domain.rules import CanvasMeta, Draw
from canvas.ledger.placing import Order, Placed
from canvas.models import Canvas, CanvasRevision, Placement, Retry, SpentCharges
from canvas.pod.outbox import Outbox
from canvas.pod.room import Socket
from canvas.protocol.frames import decode_pixels
from canvas.protocol.signatures import signer
from canvas.services import place
from runtime.errors import Refused
from runtime.threads import Parameters, Result

RED = "#FF0000"
PALETTE = ("#FFFFFF", "#000000", RED, "#00FF00", "#0000FF")
WIDTH, HEIGHT = 40, 30
ON_SQLITE = connection.vendor == "sqlite"

ALICE = Person("user:900000001", "alice", is_guest=False)
BOB = Person("user:900000002", "bob", is_guest=False)
GUEST = Person("guest:c0ffee", "Guest-C0FF", is_guest=True)


def in_thread(function: Callable[Parameters, Result]) -> Callable[Parameters, Awaitable[Result]]:
    """Make a blocking function of queries awaitable."""
    run: Callable[Parameters, Awaitable[Result]] = database_sync_to_async(function)
    return run


def meta_of(**changes: Any) -> CanvasMeta:
    """Return a canvas that is in no database."""
    fields: dict[str, Any] = {
        "id": 1,
        "slug": "main",
        "width": WIDTH,
        "height": HEIGHT,
        "palette": PALETTE,
        "cooldown_ms": 0,
        "frozen": False,
        "epoch": 7,
    }
    return CanvasMeta(**fields | changes)


def order(x: int = 1, y: int = 2, color: str = RED, person: Person = ALICE, **more: Any) -> Order:
    return Order(person, Draw(x, y, color, **more))


def configured(canvas: Canvas, **rules: object) -> Canvas:
    """Return the canvas with other rules, changed behind the services' back."""
    Canvas.objects.filter(pk=canvas.pk).update(**rules)
    canvas.refresh_from_db()
    return canvas


def placed_before(canvas: Canvas, milliseconds: int, client_id: str | None = None) -> None:
    """Give an empty canvas its first pixel, placed by Alice so long ago."""
    when = timezone.now() - timedelta(milliseconds=milliseconds)
    who = {"actor": ALICE.id, "username": ALICE.name}
    Placement.objects.create(canvas=canvas, seq=1, x=0, y=0, color=1, placed_at=when, **who)
    SpentCharges.objects.create(canvas=canvas, actor=ALICE.id, charges=1, at=when)
    if client_id is not None:
        Retry.objects.create(canvas=canvas, actor=ALICE.id, client_id=client_id, seq=1, at=when)
    configured(canvas, seq=1)


async def draw(*orders: Order, slug: str = "main") -> list[Placed | Refused]:
    """Place a batch in a thread, as another pod would."""
    return await in_thread(place)(slug, orders or [order()])


async def drawn(*orders: Order, slug: str = "main") -> list[Pixel]:
    """Place a batch of which nothing may be refused."""
    answers = await draw(*orders, slug=slug)
    placed = [answer for answer in answers if isinstance(answer, Placed)]
    assert placed == answers
    return [answer.pixel for answer in placed]


@asynccontextmanager
async def database_out_of_order(table: str = "canvas_canvas") -> AsyncIterator[None]:
    """Make every query of one table fail: of the canvases where none is named."""

    def rename(old: str, new: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {old} RENAME TO {new}")

    await in_thread(rename)(table, "lost")
    try:
        yield
    finally:
        await in_thread(rename)("lost", table)


def pixel(seq: int, x: int | None = None, y: int = 0, color: int = 2) -> Pixel:
    """Return the placement with that seq; two with the same seq and color are equal."""
    return Pixel(seq, seq % WIDTH if x is None else x, y, color, "alice", 1_700_000_000_000 + seq)


def cells_of(meta: CanvasMeta, pixels: Iterable[Pixel], cells: bytes | None = None) -> bytes:
    """Draw the pixels one over the other, in the plainest way there is."""
    drawn = bytearray(cells or bytes(meta.width * meta.height))
    for each in pixels:
        drawn[each.y * meta.width + each.x] = each.color
    return bytes(drawn)


def ledger_cells(meta: CanvasMeta, until: int | None = None) -> bytes:
    """Return the true board, in the plainest way there is: every row of the ledger and every change
    of the size, in the order of the seqs.
    """
    rows = Placement.objects.filter(canvas_id=meta.id).order_by("seq")
    steps: list[tuple[int, int, tuple[int, ...]]] = [
        (seq, 0, (x, y, color))
        for seq, x, y, color in rows.values_list("seq", "x", "y", "color")
        if until is None or seq <= until
    ]
    for row in CanvasRevision.objects.filter(canvas_id=meta.id):
        if until is None or row.seq <= until:
            steps.append((row.seq, row.revision, (row.rules["width"], row.rules["height"])))
    (width, height), drawn = (meta.width, meta.height), dict[tuple[int, int], int]()
    for _seq, revision, step in sorted(steps):
        if revision:
            width, height = step
            drawn = {(x, y): drawn[x, y] for x, y in drawn if x < width and y < height}
        elif step[0] < width and step[1] < height:
            drawn[step[0], step[1]] = step[2]
    return bytes(drawn.get((x, y), 0) for y in range(height) for x in range(width))


def lose(canvas: Canvas, *seqs: int) -> list[Placement]:
    """Lose placements, as a damaged database does; return them."""
    theirs = Placement.objects.filter(canvas=canvas)
    lost = list(theirs.filter(seq__in=seqs))
    keep(Placement.objects.exclude(pk__in=[each.pk for each in lost]))
    return lost


def keep(placements: QuerySet[Placement]) -> None:
    """Have no other placements in the ledger than these, which it would not allow itself."""
    rows = list(placements)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM canvas_placement" if ON_SQLITE else "TRUNCATE canvas_placement")
    Placement.objects.bulk_create(rows)


async def eventually(
    condition: Callable[[], object], seconds: float = 20.0, pause: float = 0.005
) -> None:
    """Wait until the condition holds; fail when it does not in time."""
    try:
        async with asyncio.timeout(seconds):
            while not condition():  # noqa: ASYNC110 - what a test waits for sets no event
                await asyncio.sleep(pause)
    except TimeoutError:
        raise AssertionError(f"it did not happen within {seconds} s") from None


class Recorder:
    """The far end of a socket: records what it was sent, and takes it while `open` is set."""

    def __init__(self, *, binary: bool = False) -> None:
        self.messages: list[dict[str, Any]] = []
        self.open = asyncio.Event()
        self.open.set()
        self.socket = Socket(Outbox(self.send), binary=binary)

    async def send(self, message: dict[str, Any]) -> None:
        await self.open.wait()
        self.messages.append(message)

    @property
    def events(self) -> list[dict[str, Any]]:
        return [orjson.loads(each["text"]) for each in self.messages if each.get("text")]

    def types(self) -> list[str]:
        return [event["type"] for event in self.events]

    @property
    def seqs(self) -> list[int]:
        """The seqs of the pixels that came, in either format."""
        texts = [event["seq"] for event in self.events if event["type"] == "pixel_updated"]
        frames = [each["bytes"] for each in self.messages if each.get("bytes")]
        return texts + [seq for frame in frames for seq, *_ in decode_pixels(frame)]

    async def reach(self, seq: int) -> None:
        """Wait until that pixel is the last that came."""
        await eventually(lambda: self.seqs[-1:] == [seq])

    @property
    def close_code(self) -> int | None:
        codes = [each["code"] for each in self.messages if each["type"] == "websocket.close"]
        return codes[0] if codes else None


SIGNED_FIELDS = {
    "pixel_updated": ("seq", "x", "y", "color", "index", "username", "timestamp"),
    "canvas_advanced": ("seq",),
    "canvas_changed": ("seq",),
}


def signed(message: Mapping[str, Any]) -> dict[str, Any]:
    """Sign a message as it is, whether or not a pod would send such a one."""
    ours, kind = signer(), message["type"]
    about = [message.get(name) for name in ("type", "canvas", "epoch", "revision")]
    try:
        sig = ours.sign(*about, *(message.get(name) for name in SIGNED_FIELDS[kind]))
    except TypeError:  # JSON cannot hold it
        sig = ""
    return {**message, "site": ours.site, "sig": sig}


def advanced(meta: CanvasMeta, seq: int) -> dict[str, Any]:
    about = {"canvas": meta.slug, "epoch": meta.epoch, "revision": meta.revision}
    return signed({"type": "canvas_advanced", **about, "seq": seq})


def total(counter: Counter, *labels: str) -> float:
    """Return what a metric has counted so far in this process."""
    count: float = counter.labels(*labels)._value.get()
    return count


def open_accounts() -> None:
    """Make the accounts of Alice and Bob, whose numbers no account of a test gets."""
    people = [User(pk=int(each.id[5:]), username=each.id) for each in (ALICE, BOB)]
    User.objects.bulk_create(people, ignore_conflicts=True)


def rejections(kind: str) -> float:
    """Return how many alarms there have been for stored state of a kind."""
    return float(metrics.stored_state_rejected.labels(kind)._value.get())
