"""The words of refusals, as people read them: programs go by the code."""

from collections.abc import Callable

import pytest

from canvas.domain import errors, parsing, region, rules
from canvas.domain.rules import Draw
from runtime.errors import Refused
from tests.canvas.helpers import HEIGHT, PALETTE, RED, WIDTH, meta_of
from tests.support.ids import plain

Call = Callable[[], object]

KINDS: dict[type[Refused], str] = {
    errors.Frozen: "This canvas is frozen: nobody can draw on it now.",
    errors.Damaged: "This canvas is damaged: nobody can draw on it until it has been repaired.",
    errors.Protected: "This part of the canvas is protected: nobody can draw here.",
    errors.OtherEpoch: "This canvas has another past now: fetch the board anew.",
    errors.IdReused: "This id stands for another pixel: give each new pixel an id of its own.",
    errors.DrawnOver: "This cell has been drawn over meanwhile.",
    errors.NoChange: "This cell has that colour already.",
    errors.Flooding: "Too many messages; slow down.",
    errors.Busy: "Too many pixels are waiting; try again.",
    errors.Unavailable: "The canvas cannot be reached; try again.",
}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_each_kind_has_its_words(kind: type[Refused]) -> None:
    assert kind().detail == KINDS[kind]  # type: ignore[call-arg]  # each of these knows its detail


def test_a_wait_is_told_in_seconds() -> None:
    for ms, seconds in ((50, "0.1"), (1000, "1.0"), (59_960, "60.0"), (3_600_000, "3600.0")):
        words = f"You can place your next pixel in {seconds} s."
        assert errors.CoolingDown(ms).detail == words


BLACK = PALETTE[1]
META, GOOD = meta_of(), {"x": 1, "y": 2, "color": RED}
HALF = meta_of(retired=((RED, BLACK),))

DETAILS: list[tuple[str, Call]] = [
    ("Send a JSON object with x, y and color.", lambda: parsing.parse_draw(5)),
    ("y must be a whole number.", lambda: parsing.parse_draw({**GOOD, "y": "2"})),
    ("color must have the form #RRGGBB.", lambda: parsing.parse_draw({**GOOD, "color": "red"})),
    ("over must be the seq of a placement.", lambda: parsing.parse_draw({**GOOD, "over": 0})),
    (
        "id must be 1 to 64 printable ASCII characters.",
        lambda: parsing.parse_draw({**GOOD, "id": ""}),
    ),
    ("username must be 1 to 32 characters.", lambda: parsing.parse_username(5)),
    ("username must be 1 to 32 characters.", lambda: parsing.parse_username("x" * 33)),
    ("username must not hold control characters.", lambda: parsing.parse_username("a\nb")),
    (
        "username must not hold more than 4 marks on a letter.",
        lambda: parsing.parse_username("a\u0316\u0317\u0318\u0319\u031c"),
    ),
    (
        "username must hold a character that can be seen.",
        lambda: parsing.parse_username("\u2800"),
    ),
    ("paused must be true or false.", lambda: parsing.parse_flag(1, "paused")),
    ("offset must be a whole number.", lambda: parsing.parse_offset("1")),
    (
        f"offset must be 0 to {parsing.MAX_OFFSET}.",
        lambda: parsing.parse_offset(parsing.MAX_OFFSET + 1),
    ),
    ("since must be a whole number, 0 or more.", lambda: parsing.parse_seq("-1")),
    ("x must be a whole number.", lambda: parsing.parse_coordinate("a", "x")),
    ("canvas must be the name of a canvas.", lambda: parsing.slug_in({"canvas": None})),
    ("canvas must be the name of a canvas.", lambda: parsing.parse_slug(5)),
    ("scale must be between 1 and 64.", lambda: region.parse_region(META, {"scale": "65"})),
    (
        f"width must be between 1 and {WIDTH - 3}.",
        lambda: region.parse_region(META, {"x": "3", "width": "0"}),
    ),
    (
        "An enlarged picture has at most 2097152 pixels, not 64000 x 64000.",
        lambda: region.parse_region(meta_of(width=1000, height=1000), {"scale": "64"}),
    ),
    (
        "A part of the board has at most 1048576 cells; the whole board has no bound.",
        lambda: region.parse_part(meta_of(width=2000, height=2000), {"x": "0"}),
    ),
    ("since is 9, but this canvas is at 8.", lambda: rules.check_position(9, 8)),
    (
        "#123456 is not in the palette of this canvas.",
        lambda: rules.check_draw(META, Draw(0, 0, "#123456")),
    ),
    (f"{RED} is not on offer any more.", lambda: rules.check_draw(HALF, Draw(0, 0, RED))),
    (f"x must be between 0 and {WIDTH - 1}.", lambda: rules.check_inside(META, WIDTH, 0)),
    (f"y must be between 0 and {HEIGHT - 1}.", lambda: rules.check_inside(META, 0, -1)),
    ("A palette has 2 to 256 colours.", lambda: rules.check_palette(["#000000"])),
    ("'red' must have the form #RRGGBB.", lambda: rules.check_palette(["#000000", "red"])),
    ("A colour stands in the palette twice.", lambda: rules.check_palette([RED, RED])),
    (
        f"A palette cannot shrink: this one has {len(PALETTE)} colours.",
        lambda: rules.check_palette_change(PALETTE, PALETTE[:2]),
    ),
    (
        "A colour can be retired once.",
        lambda: rules.check_retired(PALETTE, [(RED, BLACK), (RED, BLACK)]),
    ),
    (
        f"{RED} and #123456 must be in the palette.",
        lambda: rules.check_retired(PALETTE, [(RED, "#123456")]),
    ),
    (
        f"{PALETTE[0]} is the background and has to stay.",
        lambda: rules.check_retired(PALETTE, [(PALETTE[0], RED)]),
    ),
    (
        f"{RED} cannot stand in: it is retired itself.",
        lambda: rules.check_retired(PALETTE, [(RED, RED)]),
    ),
    (
        f"A canvas has at most {rules.MAX_PROTECTED} areas.",
        lambda: rules.check_protected([(0, 0, 1, 1)] * (rules.MAX_PROTECTED + 1)),
    ),
    (
        f"A canvas has at most {rules.MAX_REDACTED} redactions.",
        lambda: rules.check_redacted([(0, 0, 1, 1, 1, 2)] * (rules.MAX_REDACTED + 1)),
    ),
    (
        "1 x 2 at (3, 4), seqs 6 to 5: there are no such seqs.",
        lambda: rules.check_redacted([(3, 4, 1, 2, 6, 5)]),
    ),
    ("0 x 1 at (2, 3) is no part of a canvas.", lambda: rules.check_protected([(2, 3, 0, 1)])),
    (
        "9999 x 1 at (0, 0) lies beyond any canvas.",
        lambda: rules.check_protected([(0, 0, 9999, 1)]),
    ),
]


@pytest.mark.parametrize(
    ("detail", "refused"), DETAILS, ids=[plain(detail) for detail, _call in DETAILS]
)
def test_it_says_what_would_be_right(detail: str, refused: Call) -> None:
    with pytest.raises(Refused) as caught:
        refused()
    assert caught.value.detail == detail
