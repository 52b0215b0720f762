"""Boards and images that page and pods count alike: `progress_cases.json` holds for both.

`tests/js/blueprints/agree.test.js` counts them as the page does. The file is made by

    python -m tests.blueprints.test_page_agrees
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from blueprints.domain.template import LEAVE, decode, of_cells
from tests.blueprints.brute_force import brute_force, counter

FILE = Path(__file__).with_name("progress_cases.json")
PALETTE = ("#FFFFFF", "#000000", "#FF0000", "#00FF00", "#0000FF")
FULL = tuple(f"#0000{each:02X}" for each in range(256))
PALETTES = {
    "as it was": PALETTE,
    "with more colours": (*PALETTE, "#FFFF00", "#00FFFF"),
    "in another order": (PALETTE[0], *PALETTE[:0:-1]),
    "with another red": (*PALETTE[:2], "#FE0000", *PALETTE[3:]),
    "with a new red, and the former one behind": (*PALETTE[:2], "#FE0000", *PALETTE[3:], "#FF0000"),
    "with fewer colours": PALETTE[:3],
    "of 256, a colour at the last place": (*FULL[:255], "#FF0000"),
}
PLACES = ((0, 0), (-3, 2), (6, -4), (9, 7), (40, 40))


def cases() -> Iterator[dict[str, Any]]:
    rng = np.random.default_rng(21)
    for name, palette in PALETTES.items():
        for x, y in PLACES:
            cells = rng.choice(np.array([0, 1, 2, 3, 4, LEAVE], np.uint8), 8 * 6)
            image = of_cells(8, 6, cells.tobytes(), dict(enumerate(PALETTE)))
            board = rng.integers(0, len(palette), (9, 12)).astype(np.uint8)
            board[rng.random((9, 12)) < 0.5] = 0
            found = brute_force(image, x, y, board.tolist(), palette)
            yield {
                "name": f"a palette {name}, at {x}, {y}",
                "image": b64encode(image.content).decode(),
                "sha256": image.sha256,
                "x": x,
                "y": y,
                "palette": list(palette),
                "board": board.tolist(),
                "progress": [found.right, found.wrong, found.missing, found.colors],
            }


def test_the_file_has_the_cases_that_are_made() -> None:
    assert json.loads(FILE.read_text()) == list(cases())


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: case["name"])
def test_a_pod_counts_as_the_file_says(case: dict[str, Any]) -> None:
    image = decode(b64decode(case["image"]))
    found = counter(image, case["x"], case["y"], case["board"], case["palette"])
    assert list(found.progress()) == case["progress"]
    assert image.sha256 == case["sha256"]


if __name__ == "__main__":
    lines = ",\n".join(json.dumps(case) for case in cases())
    FILE.write_text(f"[\n{lines}\n]\n")
