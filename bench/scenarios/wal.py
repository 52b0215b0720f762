"""The write-ahead log of an hour on the largest board: rows, tips, keyframes and segments."""

import gzip
import json
import random
from hashlib import sha256

import psycopg

from bench.progress import log
from bench.rig import Rig
from bench.section import Claim, Section
from tests.support.processes import manage

SIDE = 4096
RATE = 50  # px/s
TIPS = 7
# Placements between two tips, by the part of the board that is drawn: a small tip goes by time at
# this rate, after 9 minutes, and one of more than 4 MiB by rows.
ROWS = {0.125: RATE * 9 * 60, 1.0: 45_000}
HOUR = 3600
KEYFRAME_SEGMENTS = 16  # `MAX_APART` of canvas/ledger/keyframes.py: these segments are far lighter
TARGET_MB = 100
KEYFRAME = """
INSERT INTO canvas_keyframe (canvas_id, seq, revision, width, height, sha256, size, cells)
SELECT id, 0, revision, width, height, %s, %s, %s FROM canvas_canvas
"""
# A checkpoint before each part, so that pages which change are written whole, and a vacuum, which
# gives the room of the tip before to the next one.
PERIOD_OF_A_POD = f"""
import json
from collections import Counter
from django.db import connection
from canvas.ledger import reads, sealing, tips
written = Counter()

def count(name, act):
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("VACUUM canvas_tip")
        cursor.execute("SELECT pg_current_wal_insert_lsn()")
        (before,) = cursor.fetchone()
        act(cursor)
        cursor.execute("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), %s)", [before])
        written[name] += int(cursor.fetchone()[0])

def place(cursor):
    cursor.execute('''
        INSERT INTO canvas_placement (canvas_id, seq, x, y, color, actor, username, placed_at)
        SELECT c.id, c.seq + n, (random() * {SIDE - 1})::int, (random() * {SIDE - 1})::int,
            (random() * 31)::int, 'guest:' || n % 5000, 'Guest-' || n % 5000,
            now() + n * interval '{1000 // RATE} ms'
        FROM canvas_canvas c, generate_series(1, ROWS) n
    ''')
    cursor.execute("UPDATE canvas_canvas SET seq = seq + ROWS, clock = now()")

def renew(cursor):
    meta, _ = reads.head("main")
    tips.renew(meta)

def seal(cursor):
    written["sealed"] += sum(1 for _ in sealing.seal("main"))

for _ in range({TIPS}):
    count("rows", place)
    count("tips", renew)
    count("segments", seal)
print(json.dumps(written))
"""


Megabytes = dict[str, float]


def run(rig: Rig, rounds: int) -> Section:
    hours = {drawn: hour_of(rig, drawn) for drawn in ROWS}
    past = hours[1.0]["the past"]
    return Section(
        "The write-ahead log",
        f"The placements between {TIPS} tips, these, and the segments, as a pod stores them at"
        f" {RATE} px/s, on {SIDE} x {SIDE} cells of which a part is drawn at random, which"
        " packs worst; by the position of PostgreSQL's log before and after, with a checkpoint"
        f" before each. A keyframe is measured once; it comes with every {KEYFRAME_SEGMENTS}th"
        " segment. The past are tips, keyframes and segments.",
        ("MB an hour", *(f"{drawn:.0%} drawn" for drawn in ROWS)),
        [(name, *(f"{hours[drawn][name]:.1f}" for drawn in ROWS)) for name in hours[1.0]],
        claims=[
            Claim(
                f"log of tips, keyframes and segments in an hour at {RATE} px/s, all drawn",
                f"<= {TARGET_MB} MB",
                f"{past:.0f} MB",
                past <= TARGET_MB,
            )
        ],
    )


def hour_of(rig: Rig, drawn: float) -> Megabytes:
    """Return what an hour logs where so much of the board is drawn."""
    environment = rig.environment()
    keyframe = enlarge(environment["DATABASE_URL"], drawn)
    period = TIPS * ROWS[drawn] / RATE  # seconds
    script = PERIOD_OF_A_POD.replace("ROWS", str(ROWS[drawn]))
    told = manage("shell", "-v", "0", "-c", script, environment=environment)
    written = json.loads(told.splitlines()[-1])
    written["keyframes"] = keyframe * written.pop("sealed") / KEYFRAME_SEGMENTS
    hour: Megabytes = {name: size / 1e6 * HOUR / period for name, size in written.items()}
    hour["the past"] = hour["tips"] + hour["segments"] + hour["keyframes"]
    log(f"wal: {drawn:.0%} drawn, a keyframe of {keyframe / 1e6:.1f} MB, MB an hour: {hour}")
    return hour


def enlarge(database_url: str, drawn: float) -> int:
    """Give the canvas a large board as its first keyframe; return what that logs, in bytes."""
    colors = bytes(number % 32 for number in range(256))
    cells = random.Random(1).randbytes(int(SIDE * SIDE * drawn)).translate(colors)
    cells += bytes(SIDE * SIDE - len(cells))
    packed = gzip.compress(cells, compresslevel=6)
    with psycopg.connect(database_url, autocommit=True) as database:
        database.execute("UPDATE canvas_canvas SET width = %s, height = %s", [SIDE, SIDE])
        before = database.execute("SELECT pg_current_wal_insert_lsn()").fetchone()
        database.execute(KEYFRAME, [sha256(cells).hexdigest(), len(packed), packed])
        logged = database.execute(
            "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), %s)", before
        ).fetchone()
    assert logged
    return int(logged[0])
