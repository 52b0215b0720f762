"""The messages of a commit: one a placement, one in all, or a hint where it is too large."""

from typing import Any

import pytest
from pytest_django.fixtures import Settings

from canvas.domain.pixel import Pixel
from canvas.protocol import announcements
from canvas.protocol.announcement_parser import (
    Advanced,
    Expelled,
    PeopleChanged,
    UpdatedTogether,
    parse_pixel_message,
    parse_user_message,
)
from canvas.protocol.announcements import MAX_ANNOUNCED, committed, expelled, pixels_message
from canvas.protocol.signatures import signer
from tests.canvas.helpers import PALETTE, meta_of

META = meta_of()
PROVEN = ("main", 7, 1, True)
PIXELS = [Pixel(41, 1, 2, 1, "Alice", 1_000), Pixel(42, 3, 4, 2, "Bob", 2_000)]


def told(**changes: Any) -> dict[str, Any]:
    return {**pixels_message(META, PIXELS), **changes}


def row(**changes: Any) -> list[Any]:
    fields = {"x": 1, "y": 2, "index": 1, "color": PALETTE[1], "username": "A", "timestamp": 3}
    return list({**fields, **changes}.values())


@pytest.mark.parametrize(("mode", "count"), [("each", 2), ("commit", 1)])
def test_a_commit_is_told_as_the_setting_says(settings: Settings, mode: str, count: int) -> None:
    settings.PIXEL_MESSAGES = mode
    assert len(committed(META, PIXELS)) == count
    assert committed(META, []) == []


def test_a_commit_that_is_too_large_is_a_hint(settings: Settings) -> None:
    settings.PIXEL_MESSAGES = "commit"
    pixels = [PIXELS[0]._replace(seq=seq) for seq in range(1, MAX_ANNOUNCED + 2)]
    assert committed(META, pixels[:-1])[0]["type"] == "pixels_updated"
    hints = [parse_pixel_message(dict(each)) for each in committed(META, pixels)]
    assert hints == [Advanced(*PROVEN, MAX_ANNOUNCED + 1)]


@pytest.mark.parametrize("mode", ["each", "commit"])
def test_each_message_tells_the_time_of_the_placement_before(settings: Settings, mode: str) -> None:
    settings.PIXEL_MESSAGES = mode
    messages: list[dict[str, Any]] = [dict(each) for each in committed(META, PIXELS, 900)]
    times = [900, *(pixel.timestamp for pixel in PIXELS)]
    assert [each["after"] for each in messages] == times[: len(messages)]


def test_a_commit_is_told_in_the_fixed_form() -> None:
    message = told()
    del message["sig"]
    assert message == {
        "type": "pixels_updated",
        "canvas": "main",
        "seq": 41,
        "after": None,
        "pixels": [[1, 2, 1, PALETTE[1], "Alice", 1_000], [3, 4, 2, PALETTE[2], "Bob", 2_000]],
        "epoch": 7,
        "revision": 1,
        "site": signer().site,
    }


def test_a_commit_is_read_back_as_it_was() -> None:
    found = parse_pixel_message(told())
    assert isinstance(found, UpdatedTogether)
    assert found[:5] == (*PROVEN, 41)
    assert found.pixels(META) == PIXELS


@pytest.mark.parametrize(
    "changes",
    [
        {"pixels": None},
        {"pixels": []},
        {"pixels": [row()] * (MAX_ANNOUNCED + 1)},
        {"pixels": [row(), row()[:5]]},
        {"pixels": [row(), tuple(row())]},
        {"seq": "41"},
        {"canvas": 7},
    ],
)
def test_a_commit_of_another_form_is_no_message(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="wrong type|one message"):
        parse_pixel_message(told(**changes))


def test_a_commit_may_have_as_many_placements_as_one_message_has() -> None:
    assert parse_pixel_message(told(pixels=[row()] * MAX_ANNOUNCED)).slug == "main"


@pytest.mark.parametrize(
    "changes",
    [
        {"x": "1"},
        {"y": 1.0},
        {"index": True},
        {"timestamp": None},
        {"username": 7},
        {"color": None},
        {"color": PALETTE[2]},
        {"index": 2},
        {"x": -1},
        {"y": -1},
        {"x": META.width},
        {"y": META.height},
        {"timestamp": -1},
        {"timestamp": 2**53},
    ],
)
def test_a_placement_that_the_canvas_cannot_hold_spoils_its_commit(
    changes: dict[str, Any],
) -> None:
    found = parse_pixel_message(told(pixels=[row(), row(**changes)]))
    assert isinstance(found, UpdatedTogether)
    with pytest.raises(ValueError, match="pixel|colour"):
        found.pixels(META)


def test_the_last_cell_and_the_last_moment_are_held() -> None:
    last = row(x=META.width - 1, y=META.height - 1, timestamp=2**53 - 1)
    found = parse_pixel_message(told(pixels=[row(x=0, y=0, timestamp=0), last]))
    assert isinstance(found, UpdatedTogether)
    assert [pixel.seq for pixel in found.pixels(META)] == [41, 42]


def test_a_banned_account_is_named_and_nobody_else() -> None:
    site = signer().site
    banned = {"type": "user_banned", "userId": 7, "site": site}
    assert expelled("user:7", banned=True) == banned
    for key, is_banned in (("user:7", False), ("guest:7", True), ("session:7", False)):
        assert expelled(key, banned=is_banned) == {"type": "user_expelled", "site": site}


@pytest.mark.parametrize("kind", ["user_banned", "user_expelled"])
def test_an_expulsion_is_read(kind: str) -> None:
    assert parse_user_message({"type": kind}) == Expelled()


def test_a_changed_lease_is_read_in_the_fixed_form() -> None:
    message = announcements.user_update("pod-7")
    assert message == {"type": "user_update", "podId": "pod-7", "site": signer().site}
    assert parse_user_message(dict(message)) == PeopleChanged("pod-7")
    assert parse_user_message({"type": "user_update", "podId": 7}) is None
    assert parse_user_message({"type": "pixel_updated", "site": "another"}) is None
