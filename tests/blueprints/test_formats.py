"""Files of other tools: each format is read, and any bytes come to items or a clear error."""

import base64
import json
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from blueprints.domain.template import MAX_CELLS
from blueprints.formats import exports, imports
from blueprints.formats.blue_marble import MAX_TILES, SHREDDED
from blueprints.formats.exports import Place
from blueprints.formats.items import MAX_ITEMS, Item
from blueprints.pictures import read_upload
from runtime.errors import Invalid
from tests.blueprints.helpers import file_of, saved, square
from tests.canvas.helpers import meta_of

RED, GREEN, CLEAR = (255, 0, 0, 255), (0, 255, 0, 255), (0, 0, 0, 0)


def pixels(image: Image.Image | None) -> list[Any]:
    assert image is not None
    return [image.getpixel((x, y)) for y in range(image.height) for x in range(image.width)]


def picture(*colors: tuple[int, ...], size: tuple[int, int] = (2, 1)) -> Image.Image:
    image = Image.new("RGBA", size)
    image.putdata(colors)
    return image


def data_url(image: Image.Image) -> str:
    return "data:image/png;base64," + base64.b64encode(file_of(image)).decode()


def read(file: object) -> tuple[str, list[Item]]:
    data = file if isinstance(file, bytes) else json.dumps(file).encode()
    found = imports.read(data)
    return found.format, found.items


def refusal(file: object) -> str:
    with pytest.raises(Invalid) as refused:
        read(file)
    return refused.value.detail


ENDU = {
    "contact": "us",
    "templates": [
        {"name": "Flag", "sources": ["https://img.example/flag.png"], "x": -5, "y": 7},
        {"sources": ["ftp://x/y", 7], "x": 1.5, "y": "2", "frameWidth": 8, "looping": True},
    ],
    "whitelist": [{"name": "allies", "url": "https://allies.example/feed.json"}],
}
WPLACE: dict[str, Any] = {
    "id": "7",
    "schemaVersion": "1",
    "name": "A cat",
    "opacity": 0.5,
    "image": {"dataUrl": data_url(picture(RED, GREEN)), "width": 2, "height": 1},
    "bounds": {"north": 1, "south": 0, "east": 1, "west": 0},
}
OVERLAY_PRO = {
    "version": 1,
    "name": "A dog",
    "imageUrl": "https://img.example/dog.png",
    "pixelUrl": "https://tiles.example/pixel/1/2?x=3&y=4",
    "offsetX": 3,
    "offsetY": 4,
    "opacity": 0.7,
}
PXLS = (
    "https://pxls.example/#template=https%3A%2F%2Fimg.example%2Fa.png&ox=10&oy=-3&tw=64&title=Sun"
)


def shredded(*colors: tuple[int, ...]) -> str:
    """Return a tile of one row of cells: the middle of each three by three pixels."""
    image = Image.new("RGBA", (3 * len(colors), 3))
    for place, color in enumerate(colors):
        image.putpixel((3 * place + 1, 1), color)
    return base64.b64encode(file_of(image)).decode()


def blue_marble(tiles: object) -> dict[str, Any]:
    template = {"name": "Sea", "coords": "1, 2, 999, 3", "enabled": True, "tiles": tiles}
    return {"whoami": "BlueMarble", "schemaVersion": "2.1.0", "templates": {"0 $Z": template}}


def test_a_feed_tells_places_and_addresses() -> None:
    assert read(ENDU) == (
        "endu",
        [Item("Flag", -5, 7, None, "https://img.example/flag.png"), Item()],
    )


def test_a_wplace_file_has_a_picture_and_no_place() -> None:
    kind, (item,) = read(WPLACE)
    assert (kind, item.title, item.x, pixels(item.picture)) == (
        "wplace",
        "A cat",
        None,
        [RED, GREEN],
    )


def test_a_wplace_file_may_spell_its_picture_as_exports_of_it_do() -> None:
    image = {"data": WPLACE["image"]["dataUrl"]}
    _kind, (item,) = read({**WPLACE, "image": image})
    assert pixels(item.picture) == [RED, GREEN]


def test_an_overlay_has_an_address() -> None:
    assert read(OVERLAY_PRO) == (
        "overlay_pro",
        [Item("A dog", source="https://img.example/dog.png")],
    )


def test_a_pxls_link_has_a_place_and_an_address() -> None:
    expected = Item("Sun", 10, -3, None, "https://img.example/a.png")
    assert read(PXLS.encode()) == ("pxls", [expected])
    assert read(b" " + PXLS.replace("#", "?").encode() + b"\n") == ("pxls", [expected])


def test_tiles_are_put_together_and_their_gaps_left_alone() -> None:
    tiles = {"0001,0002,999,003": shredded(RED), "0002,0002,001,003": shredded(GREEN, RED)}
    kind, (item,) = read(blue_marble(tiles))
    assert (kind, item.title) == ("blue_marble", "Sea")
    assert pixels(item.picture) == [RED, CLEAR, GREEN, RED]


@pytest.mark.parametrize(
    ("text", "place"), [('{"name":"Cat","coords":[4,5]}', (4, 5)), ('{"name":"Cat"}', (None, None))]
)
def test_a_png_says_where_it_belongs(text: str, place: tuple[int | None, int | None]) -> None:
    info = PngInfo()
    info.add_text("wplace", text)
    kind, (item,) = read(file_of(picture(RED, GREEN), pnginfo=info))
    assert (kind, item.title, (item.x, item.y)) == ("png", "Cat", place)


@pytest.mark.parametrize("text", ["[1]", "{", "\u00e9", '{"name":"a\\u202eb","coords":["1",2]}'])
def test_a_png_with_an_odd_text_is_a_picture_all_the_same(text: str) -> None:
    info = PngInfo()
    info.add_text("wplace", text)
    _kind, (item,) = read(file_of(picture(RED, GREEN), pnginfo=info))
    assert (item.title, item.x, pixels(item.picture)) == ("", None, [RED, GREEN])


def test_a_plain_picture_is_one() -> None:
    kind, (item,) = read(file_of(picture(RED, GREEN), "GIF"))
    assert (kind, item.title) == ("image", "")


@pytest.mark.parametrize(
    ("file", "word"),
    [
        (b"", "no file"),
        (b"\xff\xfe", "no file"),
        (b"hello", "no file"),
        (b"<svg/>", "SVG"),
        (b"{", "no JSON"),
        (b"[]", "no file"),
        (b"{" * 100_000, "no JSON"),
        ({}, "no format"),
        ({"templates": []}, "templates"),
        ({"templates": None}, "templates"),
        ({"templates": [5]}, "templates[0]"),
        ({"templates": [{"sources": "x"}]}, "templates[0].sources"),
        ({"templates": [{}] * (MAX_ITEMS + 1)}, "101"),
        ({"templates": {}}, "templates"),
        (blue_marble(None), "tiles"),
        (blue_marble({}), "tiles"),
        (blue_marble({"x": shredded(RED)}), "four numbers"),
        (blue_marble({"1,1,1,1": "!"}), "Base64"),
        (blue_marble({"1,1,1,1": 5}), "Base64"),
        (blue_marble({"1,1,1,1": base64.b64encode(b"hello").decode()}), "that can be read"),
        (blue_marble({"1,1,1,1": base64.b64encode(file_of(picture(RED, RED))).decode()}), "3 x 3"),
        (blue_marble({"0,0,0,0": shredded(RED), "9,0,0,0": shredded(RED)}), "further apart"),
        (blue_marble({f"{n},0,0,0": "" for n in range(MAX_TILES + 1)}), "1 to 64"),
        ({"image": 5}, "image"),
        ({"image": {}}, "image.dataUrl"),
        ({"image": {"dataUrl": "https://img.example/a.png"}}, "image.dataUrl"),
        ({"image": {"dataUrl": "data:image/svg+xml;base64,PHN2Zy8+"}}, "image.dataUrl"),
        ({**WPLACE, "schemaVersion": "2"}, "schemaVersion"),
        (b"#template=" + b"x" * 5000, "characters"),
        (b"http://[/#template=x", "link"),
        (b"#a=template=", "template"),
    ],
    ids=lambda each: str(each)[:40],
)
def test_what_is_wrong_in_a_file_is_named(file: object, word: str) -> None:
    assert word in refusal(file)


FIELDS = st.sampled_from(
    ["templates", "image", "imageUrl", "name", "tiles", "dataUrl", "sources", "x", "y", "coords"]
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(FIELDS | st.just("1,1,1,1"), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_are_items_or_a_clear_error(data: bytes) -> None:
    for each in (data, b"{" + data, b"https://a.example/#template=" + data, b"\x89PNG" + data):
        holds(each)


@given(st.dictionaries(FIELDS, VALUES, max_size=5))
def test_any_json_is_items_or_a_clear_error(file: dict[str, Any]) -> None:
    holds(json.dumps(file).encode())


def holds(data: bytes) -> None:
    try:
        found = imports.read(data)
    except Invalid as error:
        assert error.field in ("file", "image")
    else:
        assert all(len(each.title) <= 60 for each in found.items)


# --- exports, and imports over HTTP

PLACE = Place("A Café (2, 3)", -4, 5, "main")


def test_our_png_comes_back_with_its_place() -> None:
    kind, (item,) = read(exports.png(square(), PLACE))
    assert (kind, item.title, item.x, item.y) == ("png", PLACE.title, -4, 5)
    assert read_upload(exports.png(square(), PLACE), meta_of(), "exact") == square()


def test_our_wplace_file_comes_back_with_its_place() -> None:
    made = exports.wplace("k3m9xw2a7q", square(), PLACE)
    _kind, (item,) = read(made)
    assert (item.title, item.x, item.y) == (PLACE.title, -4, 5)
    assert "bounds" not in made


def test_our_feed_and_our_pxls_link_come_back(as_ada: Client) -> None:
    made = saved(as_ada, title="Sun & sea")
    feed = as_ada.get(made["links"]["feed"])
    assert feed["Access-Control-Allow-Origin"] == "*"
    _kind, (item,) = read(feed.content)
    assert (item.title, item.x, item.y) == ("Sun & sea", 3, 4)
    assert item.source == f"http://localhost/api/blueprints/images/{made['image']}.png"
    kind, (linked,) = read(b"https://localhost" + made["links"]["pxls"].encode())
    assert (kind, linked.title, linked.x, linked.y) == ("pxls", "Sun & sea", 3, 4)


def test_pictures_of_a_feed_are_for_all_sites(as_ada: Client) -> None:
    made = saved(as_ada)
    answer = as_ada.get(f"/api/blueprints/images/{made['image']}.png")
    assert (answer["Content-Type"], answer["Access-Control-Allow-Origin"]) == ("image/png", "*")
    assert read_upload(answer.content, meta_of(), "exact") == square()


def test_links_lead_to_the_page_and_to_files(as_ada: Client) -> None:
    made = saved(as_ada)
    short = as_ada.get(f"/t/{made['id']}")
    assert (short.status_code, short["Location"]) == (302, made["links"]["page"])
    assert made["links"]["page"] == f"/?t={made['id']}#4,5,24"
    for kind in ("png", "wplace"):
        answer = as_ada.get(made["links"][kind])
        assert answer["Content-Disposition"] == f'attachment; filename="{made["id"]}.{kind}"'


def importing(client: Client, file: object, query: str = "") -> Any:
    data = file if isinstance(file, bytes) else json.dumps(file).encode()
    path = f"/api/blueprints/import{query}"
    return client.post(path, data, content_type="application/octet-stream")


def test_an_import_stores_pictures_and_says_what_is_missing(as_ada: Client) -> None:
    told = importing(as_ada, WPLACE).json()
    (item,) = told["items"]
    assert (told["format"], item["needs"], item["image"]["cells"]) == ("wplace", ["position"], 2)
    assert saved(as_ada, image=item["image"]["sha256"])["cells"] == 2
    told = importing(as_ada, ENDU).json()
    assert [each["needs"] for each in told["items"]] == [["image"], ["position", "image"]]


def test_an_import_of_other_colours_is_refused_or_converted(as_ada: Client) -> None:
    data = file_of(picture((250, 9, 9, 255), GREEN))
    assert importing(as_ada, data).json()["code"] == "image_unknown"
    told = importing(as_ada, data, "?convert=nearest").json()
    assert [each["index"] for each in told["items"][0]["image"]["colors"]] == [2, 3]
    assert importing(as_ada, data, "?convert=x").json()["code"] == "convert_unknown"


def tile(side: int = SHREDDED) -> str:
    """A tile of one colour, of so many pixels a side: some kilobytes at any size."""
    return base64.b64encode(file_of(Image.new("1", (side, side)))).decode()


@pytest.mark.slow
@pytest.mark.parametrize(
    "templates",
    [
        [{"0,0,0,0": tile(), "4,4,90,90": tile()}] * 2,  # far apart, and so for each template
        [{f"0,0,0,{n}": tile(4095) for n in range(10)}],  # large ones that lie over one another
        [{"0,0,0,0": tile(4095)}] * 10,
    ],
    ids=["wholes", "tiles", "templates"],
)
def test_pictures_of_a_file_are_bounded_together(
    templates: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of 9 kB had a pod make 2 GiB of pictures."""
    cells, made = 0, Image.new

    def counted(mode: str, size: tuple[int, int], *rest: Any) -> Image.Image:
        nonlocal cells
        cells += size[0] * size[1]
        return made(mode, size, *rest)

    monkeypatch.setattr("blueprints.formats.blue_marble.Image.new", counted)
    file = {"templates": {str(n): {"name": "x", "tiles": of} for n, of in enumerate(templates)}}
    assert "together" in refusal(file)
    assert cells <= MAX_CELLS


def test_a_guest_imports_nothing(as_guest: Client) -> None:
    assert importing(as_guest, WPLACE).json()["code"] == "login_required"
