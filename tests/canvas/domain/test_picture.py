"""PNGs of the board: sizes, colours, and the pixels of a thumbnail."""

import random
from io import BytesIO

import pytest
from PIL import Image

from canvas.domain import picture
from canvas.domain.region import Region
from canvas.domain.rules import CanvasMeta
from tests.canvas.helpers import meta_of

PALETTE = ("#000000", "#FFFFFF", "#FF8000", "#0102FE")
BLACK, WHITE, ORANGE, BLUE = (0, 0, 0), (255, 255, 255), (255, 128, 0), (1, 2, 254)
COLORS = (BLACK, WHITE, ORANGE, BLUE)


def opened(png: bytes) -> Image.Image:
    image = Image.open(BytesIO(png))
    assert image.format == "PNG"
    return image


def board(width: int, height: int, seed: int = 1) -> tuple[CanvasMeta, bytes]:
    cells = bytes(random.Random(seed).choices(range(len(PALETTE)), k=width * height))
    return meta_of(width=width, height=height, palette=PALETTE), cells


def test_each_cell_is_a_pixel_in_its_colour() -> None:
    meta, cells = board(7, 3)
    image = opened(picture.png(meta, cells, Region(0, 0, 7, 3)))
    assert (image.size, image.mode) == ((7, 3), "P")
    assert list(image.convert("RGB").get_flattened_data()) == [COLORS[cell] for cell in cells]


def test_a_region_is_cut_out() -> None:
    meta, cells = board(9, 8)
    image = opened(picture.png(meta, cells, Region(2, 3, 4, 5))).convert("RGB")
    assert image.size == (4, 5)
    for y in range(5):
        for x in range(4):
            assert image.getpixel((x, y)) == COLORS[cells[(y + 3) * 9 + x + 2]]


@pytest.mark.parametrize("scale", [2, 5])
def test_an_enlarged_cell_is_a_square_of_one_colour(scale: int) -> None:
    meta, cells = board(4, 3)
    image = opened(picture.png(meta, cells, Region(1, 0, 3, 2, scale))).convert("RGB")
    assert image.size == (3 * scale, 2 * scale)
    for y in range(2 * scale):
        for x in range(3 * scale):
            assert image.getpixel((x, y)) == COLORS[cells[y // scale * 4 + x // scale + 1]]


def test_a_board_that_is_being_drawn_on_has_a_picture() -> None:
    meta, cells = board(4, 3)
    whole = Region(0, 0, 4, 3)
    assert picture.png(meta, bytearray(cells), whole) == picture.png(meta, cells, whole)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((40, 30), (40, 30)),
        ((256, 3), (256, 3)),
        ((257, 3), (256, 3)),
        ((512, 100), (256, 50)),
        ((100, 512), (50, 256)),
        ((1024, 512), (256, 128)),
        ((1026, 513), (256, 128)),
        ((4000, 1), (256, 1)),
        ((1, 4000), (1, 256)),
        ((3000, 2000), (256, 171)),
    ],
)
def test_a_thumbnail_is_256_pixels_at_its_longer_side(
    size: tuple[int, int], expected: tuple[int, int]
) -> None:
    meta, cells = board(*size)
    assert opened(picture.thumbnail(meta, cells)).size == expected


def test_a_thumbnail_of_a_small_board_is_the_board() -> None:
    meta, cells = board(256, 9)
    image = opened(picture.thumbnail(meta, cells))
    assert image.mode == "P"
    assert list(image.convert("RGB").get_flattened_data()) == [COLORS[cell] for cell in cells]


def test_a_thumbnail_has_the_mean_of_the_cells_of_a_pixel() -> None:
    """Of 2 x 2 cells two are black and two orange, in each pixel."""
    meta, cells = board(512, 4)[0], bytes([0, 2] * 256 + [2, 0] * 256) * 2
    image = opened(picture.thumbnail(meta, cells)).convert("RGB")
    assert image.size == (256, 2)
    assert set(image.get_flattened_data()) == {(128, 64, 0)}


def test_a_thumbnail_of_a_large_board_looks_at_four_cells_a_side() -> None:
    """Columns of four cells: the rest of 16 is not looked at, the mean of what is left stays."""
    meta = meta_of(width=4096, height=16, palette=PALETTE)
    row = bytes([0, 0, 0, 0, 2, 2, 2, 2, 0, 0, 0, 0, 2, 2, 2, 2] * 256)
    image = opened(picture.thumbnail(meta, row * 16)).convert("RGB")
    assert image.size == (256, 1)
    assert set(image.get_flattened_data()) == {(128, 64, 0)}
