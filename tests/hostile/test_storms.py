"""Everyone at once: reconnects, joins and leaves, and downloads of a large board."""

import asyncio
import gzip
import hashlib
import random
import time
import urllib.request

import psycopg

from canvas.protocol.close_codes import CloseCode
from tests.hostile.seeds import size
from tests.hostile.site import Site
from tests.hostile.witness import TOLERANCE, witnessed
from tests.support.raw_websocket import RawWebSocket
from tests.support.sockets import Watcher

RECONNECTS = size(short=200, long=5_000)
LET_IN = 120.0  # seconds until one is let in, or sent away, on a busy machine
SELDOM = 2.0  # seconds between two pixels, each of which all of them read in one process
CONNECTION_LOST = 1006
VISITS = size(short=200, long=10_000)
VISITORS = size(short=20, long=100)  # at once
DOWNLOADS = size(short=5, long=100)
SIDE = 4_000
LARGE = 256 * 2**20  # bytes that a pod may hold more while it serves boards of 16 MB

REQUEST = (
    b"GET /api/canvas/board?canvas=large HTTP/1.1\r\nHost: localhost\r\n"
    b"Accept-Encoding: gzip\r\nConnection: close\r\n\r\n"
)
LARGE_CANVAS = """
    INSERT INTO canvas_canvas
        (slug, width, height, palette, own_cooldown_ms, own_guest_cooldown_ms, charges, frozen,
         protected, retired, redacted, epoch, revision, seq, created_at)
    SELECT 'large', {side}, {side}, palette, own_cooldown_ms, own_guest_cooldown_ms, charges,
         frozen, protected, retired, redacted, epoch + 1, revision, 0, created_at
    FROM canvas_canvas WHERE slug = 'main'
"""


class Returning:
    """One who lost the connection at a seq, and comes again as the page does until it is in."""

    def __init__(self, site: Site, last: int) -> None:
        self._url = site.pod.ws_url()
        self._last = last
        self.refusals = 0
        self.socket = Watcher(self._url, since=last)

    async def come(self) -> None:
        while not await self._is_let_in():
            self.refusals += 1
            await asyncio.sleep(random.uniform(0.5, 3))

    async def _is_let_in(self) -> bool:
        self.socket = socket = Watcher(self._url, since=self._last)
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: socket, *socket.address)
        await socket.until(lambda: socket.closed or socket.of_type("hello"), LET_IN)
        # without a hello: too many had connected and asked for nothing yet, so the oldest gave way
        assert socket.closed in (None, CloseCode.TRY_LATER, CONNECTION_LOST)
        return socket.closed is None


async def storm(site: Site) -> None:
    last = await asyncio.to_thread(site.last)
    everyone = [Returning(site, last) for _ in range(RECONNECTS)]
    begun = time.monotonic()
    await asyncio.gather(*(each.come() for each in everyone))
    seconds = time.monotonic() - begun
    newest = await asyncio.to_thread(site.last)
    for each in everyone:
        await each.socket.reach(newest, LET_IN)
        assert (each.socket.closed, each.socket.faults) == (None, [])
        assert each.socket.of_type("resync") == []
    refusals = sum(each.refusals for each in everyone)
    print(  # noqa: T201
        f"{RECONNECTS} reconnects at once: {seconds:.1f} s; {refusals} were sent away first"
    )
    await asyncio.gather(*(each.socket.close() for each in everyone))


async def test_all_who_reconnect_at_once_get_what_they_missed(site: Site) -> None:
    """The allocator keeps what the first storm took; the second has to do with that."""
    for resident in (LARGE, TOLERANCE.resident):
        async with witnessed(site, resident=resident, period=SELDOM):
            await storm(site)


async def test_people_who_come_and_go_leave_nothing(site: Site) -> None:
    left = iter(range(VISITS))

    async def visit() -> None:
        for _ in left:
            async with RawWebSocket.connect(site.pod.port, "/ws/") as socket:
                await socket.next()

    async with witnessed(site):
        begun = time.monotonic()
        async with asyncio.TaskGroup() as visitors:
            for _ in range(VISITORS):
                visitors.create_task(visit())
        rate = VISITS / (time.monotonic() - begun)
        print(f"{VISITS} joins and leaves: {rate:.0f} a second")  # noqa: T201


def make_large(site: Site) -> bytes:
    """Give the site a canvas of 16 million cells at random, which packs worst; return them."""
    cells = random.randbytes(SIDE * SIDE).translate(bytes(n % 32 for n in range(256)))
    packed = gzip.compress(cells, compresslevel=1)
    with psycopg.connect(site.database_url) as connection:
        connection.execute(LARGE_CANVAS.format(side=SIDE))
        connection.execute(
            "INSERT INTO canvas_keyframe"
            " (canvas_id, seq, revision, width, height, sha256, size, cells)"
            " SELECT id, 0, revision, width, height, %s, %s, %s FROM canvas_canvas"
            " WHERE slug = 'large'",
            [hashlib.sha256(cells).hexdigest(), len(packed), packed],
        )
    return cells


async def download(site: Site) -> bytes:
    """Fetch the large board, and return the hash of its bytes as they were sent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", site.pod.port, limit=2**18)
    writer.write(REQUEST)
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head
    found = hashlib.sha256()
    while part := await reader.read(2**18):
        found.update(part)
    writer.close()
    return found.digest()


async def test_all_who_download_a_large_board_at_once_get_it(site: Site) -> None:
    cells = await asyncio.to_thread(make_large, site)
    url = f"{site.pod.base_url}/api/canvas/board?canvas=large"
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
    sent = await asyncio.to_thread(lambda: urllib.request.urlopen(request, timeout=60).read())
    assert gzip.decompress(sent) == cells
    before = site.weight()
    async with witnessed(site, resident=LARGE):
        begun = time.monotonic()
        coming = [asyncio.create_task(download(site)) for _ in range(DOWNLOADS)]
        most = 0
        while not all(each.done() for each in coming):
            await asyncio.sleep(0.1)
            most = max(most, (site.weight() - before).resident)
        seconds = time.monotonic() - begun
        print(  # noqa: T201
            f"{DOWNLOADS} boards of {SIDE} x {SIDE}: {seconds:.1f} s, at most {most >> 20} MiB more"
        )
        assert {await each for each in coming} == {hashlib.sha256(sent).digest()}
        assert most <= LARGE
