"""A small past for the tests of the page's modules, made by the code that seals the real one.

`.venv/bin/python -m tests.history.page_fixture > tests/js/history/past.json` makes it anew.
"""

import json
import random
import sys
from base64 import b64encode
from hashlib import sha256
from typing import Any

from canvas.domain.board import Board
from canvas.domain.columns import Columns
from canvas.domain.redaction import Redaction, redact
from canvas.ledger.segment_format import NO_SEGMENT, Content, Header, encode

COUNT, LENGTH = 300, 64  # placements, and how many a segment has
BEGAN = 1_764_100_800_000  # ms since 1970
SIZES = {0: (40, 30), 130: (50, 20), 200: (40, 40)}  # from a seq on
PALETTES = {0: 5, 130: 5, 200: 7}  # colours, from a seq on
KEYFRAMES = (65, 193)  # the first seqs of the segments that have one
REDACTIONS = [Redaction(3, 4, 10, 8, 100, 220), Redaction(0, 0, 2, 2, 290, 300)]
EPOCH = 7


def fixture() -> dict[str, Any]:
    """Return the answers of the server by name, and what the board is at each seq."""
    rng = random.Random(2026)  # a picture, not a secret
    columns = Columns(
        range(1, COUNT + 1),
        [rng.randrange(45) for _ in range(COUNT)],  # some lie beyond the board
        [rng.randrange(35) for _ in range(COUNT)],
        bytes(rng.randrange(5) for _ in range(COUNT)),
    )
    times = [BEGAN]
    while len(times) < COUNT:
        times.append(times[-1] + rng.choice((0, 3, 250, 20_000, 4_000_000)))
    flags = bytes(rng.choice((0, 0, 0, 1, 2)) for _ in range(COUNT))
    boards, shown = boards_of(columns)
    files: dict[str, str] = {}
    segments = []
    before = NO_SEGMENT
    for start in range(0, COUNT, LENGTH):
        part = slice(start, start + LENGTH)
        board = boards[start]
        header = Header(start + 1, times[start], EPOCH, sha256(board).digest(), before)
        cut = Columns(*(column[part] for column in columns))
        content = encode(Content(header, cut, times[part], flags[part]))
        if len(cut.seqs) < LENGTH:
            files["open"] = text(content)
            break
        before = sha256(content).digest()
        files[before.hex()] = text(content)
        keyframe = sha256(board).hexdigest() if start + 1 in KEYFRAMES else None
        if keyframe:
            files[keyframe] = text(board)
        segments.append(
            {
                "first_seq": start + 1,
                "count": LENGTH,
                "placed_from": times[start],
                "placed_to": times[part][-1],
                "bytes": len(content),
                "sha256": before.hex(),
                "keyframe": keyframe,
            }
        )
    return {
        "listing": {
            "epoch": EPOCH,
            "revisions": [revision(seq, times) for seq in SIZES],
            "redactions": [each._asdict() for each in REDACTIONS],
            "segments": segments,
            "more": False,
        },
        "files": files,
        "times": times,
        "flags": list(flags),
        "boards": [sha256(board).hexdigest() for board in boards],
        "shown": [sha256(board).hexdigest() for board in shown],
    }


def boards_of(columns: Columns) -> tuple[list[bytes], list[bytes]]:
    """Return the board at each seq, as it is and as it may be shown."""
    board = Board(*SIZES[0])
    boards, shown = [], []
    for seq in range(COUNT + 1):
        if seq:
            board.draw(columns.between(seq - 1, seq))
        if seq in SIZES:
            board.resize(*SIZES[seq])
        boards.append(bytes(board.cells))
        copy = Board(board.width, board.height, seq, boards[-1])
        redact(copy, REDACTIONS)
        shown.append(bytes(copy.cells))
    return boards, shown


def revision(seq: int, times: list[int]) -> dict[str, Any]:
    width, height = SIZES[seq]
    palette = [f"#{index * 3:02X}{index * 40:02X}FF" for index in range(PALETTES[seq])]
    at = times[seq - 1] + 1 if seq else BEGAN - 1000
    return {"seq": seq, "at": at, "width": width, "height": height, "palette": palette}


def text(content: bytes) -> str:
    return b64encode(content).decode()


if __name__ == "__main__":
    sys.stdout.write(json.dumps(fixture(), indent=1) + "\n")
