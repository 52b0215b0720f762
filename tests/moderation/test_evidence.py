"""A report shows the board of then, and the whole work of each person in it."""

from base64 import b64decode
from io import BytesIO

import pytest
from django.contrib.auth.models import User
from django.test import Client
from PIL import Image

from accounts.people import Person
from canvas import services
from canvas.domain.area import Area
from canvas.ledger import reads
from canvas.models import Canvas
from moderation import evidence, filing
from moderation.evidence import Evidence, gather
from moderation.models import Report
from tests.canvas.helpers import ALICE, BOB
from tests.moderation.helpers import VANDAL, draw, new_report, reverted

pytestmark = pytest.mark.both_databases

WORK = [(x, y) for x in range(2, 6) for y in range(2, 6)]
AREA = Area(2, 2, 4, 4)
SYMBOL = [(2, 2), (3, 3), (4, 4)]  # what the vandal leaves of it


def look(area: Area = AREA) -> Evidence:
    head = reads.head("main")
    return gather(head.meta, area, head.seq)


def pixel(url: str, cell: tuple[int, int], area: Area) -> tuple[int, ...]:
    """Return the colour of a cell in a picture of an area."""
    image = Image.open(BytesIO(b64decode(url.partition(",")[2])))
    scale = image.width // area.width
    found = image.convert("RGB").getpixel(((cell[0] - area.x) * scale, (cell[1] - area.y) * scale))
    assert isinstance(found, tuple)
    return found


def page_of(client: Client, report: Report, query: str = "") -> str:
    return client.get(f"/admin/moderation/report/{report.pk}/change/{query}").content.decode()


def the_trick(artist: Person = ALICE) -> None:
    """Alice draws a harmless work; the vandal draws over all of it but a symbol."""
    draw(artist, *WORK, color="#FF0000")
    draw(VANDAL, *(cell for cell in WORK if cell not in SYMBOL), color="#FFFFFF")


def test_the_work_of_each_person_is_whole(main: Canvas) -> None:
    the_trick()
    found = look()
    authors = {each.actor: each for each in found.authors}
    alice, vandal = authors[ALICE.id], authors[VANDAL.id]
    assert (alice.drawn, alice.shown, alice.drawn_over) == (16, 3, 13)
    assert (vandal.drawn, vandal.shown) == (13, 13)
    red = (255, 0, 0)
    assert {pixel(alice.picture, cell, found.area) for cell in WORK} == {red}
    assert pixel(found.then, (2, 2), found.area) == red
    assert pixel(found.then, (2, 3), found.area) == (255, 255, 255)


def test_it_is_the_board_of_then(main: Canvas) -> None:
    draw(ALICE, (2, 2), color="#FF0000")
    report = filing.file(BOB, new_report(2, 2))
    draw(VANDAL, (2, 2), color="#00FF00")
    meta = reads.head("main").meta
    found = gather(meta, report.area, report.seq)
    assert [each.actor for each in found.authors] == [ALICE.id]
    assert pixel(found.then, (2, 2), found.area) == (255, 0, 0)


def test_a_cell_is_shown_with_what_is_around_it(main: Canvas) -> None:
    assert look(Area(0, 0, 1, 1)).area == Area(0, 0, 9, 9)
    assert look(Area(20, 12, 1, 1)).area.contains(13, 5)


@pytest.mark.parametrize(("side", "shown"), [(1, 17), (100, 116), (120, 128), (128, 128)])
def test_the_surroundings_are_bounded(main: Canvas, side: int, shown: int) -> None:
    services.configure("main", {"width": 400, "height": 400})
    area = evidence.surroundings(reads.head("main").meta, Area(100, 100, side, side))
    assert (area.width, area.height) == (shown, shown)
    assert evidence.depth_for(area) * area.width * area.height <= evidence.MAX_ROWS


def test_a_first_look_says_where_it_is_not_whole(
    main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "FIRST_ROWS", 3 * 12 * 12)
    meta = reads.head("main").meta
    draw(ALICE, (2, 2), (2, 2), color="#FF0000")
    found = evidence.first_look(meta, AREA, 2)
    assert (found.area, found.depth, found.is_whole) == (Area(0, 0, 14, 14), 0, False)
    assert not found.authors
    found = evidence.first_look(meta, Area(0, 0, 4, 4), 2)
    assert (found.area, found.depth, found.is_whole) == (Area(0, 0, 12, 12), 3, True)
    draw(VANDAL, (2, 2), color="#00FF00")
    found = evidence.first_look(meta, Area(0, 0, 4, 4), 3)
    assert (found.depth, found.is_whole) == (3, False)
    assert gather(meta, Area(0, 0, 4, 4), 3).is_whole


def test_its_page_offers_to_look_further(
    main: Canvas, moderator: User, client_of: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "FIRST_ROWS", 10)
    the_trick()
    report = filing.file(BOB, new_report(2, 2, 4, 4))
    client: Client = client_of(moderator)  # type: ignore[operator]  # a fixture
    page = page_of(client, report)
    assert "too large for a look at once" in page
    assert "/api/canvas/board.png?" in page
    assert "it was background" not in page
    assert "Look further" in page
    page = page_of(client, report, "?whole=1")
    assert "on 16 cells, of which 3 showed and 13 had been drawn over" in page
    assert "Look further" not in page


def test_what_moderation_brought_back_is_of_its_first_author(main: Canvas, moderator: User) -> None:
    draw(ALICE, (2, 2), color="#FF0000")
    draw(VANDAL, (2, 2), color="#00FF00")
    reverted(moderator, VANDAL)
    (top,) = [each for each in look().authors if each.shown]
    assert top.actor == ALICE.id


def test_what_a_resize_cut_off_is_gone(main: Canvas) -> None:
    draw(ALICE, (2, 2), (20, 12), color="#FF0000")
    services.configure("main", {"width": 10})
    services.configure("main", {"width": 40})
    assert [each.drawn for each in look(Area(0, 0, 40, 14)).authors] == [1]


def test_only_so_many_people_are_shown(main: Canvas) -> None:
    for number in range(evidence.MAX_AUTHORS + 3):
        draw(Person(f"guest:{number:016x}", f"g{number}", is_guest=True), (number, 3))
    found = look(Area(0, 0, 20, 8))
    assert (len(found.authors), found.people) == (evidence.MAX_AUTHORS, evidence.MAX_AUTHORS + 3)


def test_its_page_shows_both_pictures_and_a_way_to_ban_each(
    main: Canvas, moderator: User, client_of: object
) -> None:
    the_trick()
    report = filing.file(BOB, new_report(2, 2, 4, 4))
    client: Client = client_of(moderator)  # type: ignore[operator]  # a fixture
    page = page_of(client, report)
    assert "When it was reported" in page
    assert "on 16 cells, of which 3 showed and 13 had been drawn over" in page
    for person in (ALICE, VANDAL):
        assert f"ban/?person={person.id.replace(':', '%3A')}" in page
