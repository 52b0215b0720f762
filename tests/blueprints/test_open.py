"""Open blueprints over a WebSocket: versions, hiding and progress reach who has them open."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from django.contrib.auth.models import User

from accounts.bans import ban, unban
from blueprints import metrics, reads, services, storage
from blueprints.domain.template import LEAVE, Template
from blueprints.models import Blueprint
from blueprints.pod import counting, openings
from blueprints.pod.service import BlueprintService
from blueprints.protocol import MAX_OPEN, blueprints_changed
from blueprints.services import Content
from canvas.models import Canvas
from canvas.pod.outbox import Frames
from canvas.pod.pod import Pod
from canvas.services import configure
from tests.blueprints.helpers import square, template
from tests.canvas.helpers import ALICE, PALETTE, eventually, in_thread, order
from tests.edges.conftest import Client, Connect, application, connect, http

__all__ = ["application", "connect", "http"]

Save = Callable[..., Any]


@pytest.fixture
async def service(pod: Pod) -> AsyncIterator[BlueprintService]:
    service = BlueprintService(pod)
    service.start()
    yield service
    await service.stop()


def _save(user: User, made: Template, slug: str = "main", x: int = 0, y: int = 0) -> Blueprint:
    storage.store(made)
    meta = Canvas.objects.get(slug=slug).meta()
    return services.save_new(user, meta, Content("A cat", "", "", x, y, made.sha256))


save = in_thread(_save)


def opening(*ids: str) -> dict[str, Any]:
    return {"type": "blueprint_open", "ids": list(ids)}


async def draw(pod: Pod, x: int, y: int, color: str) -> None:
    await pod.writer.place("main", order(x, y, color, ALICE))


async def version(user: User, key: str, made_from: int, **changes: Any) -> None:
    await in_thread(services.save_version)(user, key, made_from, Content(**changes))


@pytest.mark.slow
async def test_what_is_opened_is_told_with_its_progress(
    service: BlueprintService, pod: Pod, connect: Connect, ada: User
) -> None:
    made = await save(ada, square((1, 2, LEAVE, 3)), x=2, y=1)
    await draw(pod, 2, 1, PALETTE[1])
    await draw(pod, 3, 1, PALETTE[4])
    client: Client = await connect()
    await client.send(opening(made.pk))
    told = await client.next("blueprint_changed")
    assert (told["blueprint"], told["version"], told["title"]) == (made.pk, 1, "A cat")
    assert (told["x"], told["y"], told["image"]) == (2, 1, made.picture_id)
    progress = await client.next("blueprint_progress")
    assert progress == {
        **{"type": "blueprint_progress", "blueprint": made.pk, "version": 1, "seq": 2},
        **{"right": 1, "wrong": 1, "missing": 1},
        "colors": [[1, 1, 0, 0], [2, 0, 1, 0], [3, 0, 0, 1]],
    }
    await draw(pod, 3, 1, PALETTE[2])
    progress = await client.next("blueprint_progress")
    assert (progress["seq"], progress["right"], progress["wrong"]) == (3, 2, 0)


@pytest.mark.slow
async def test_a_newcomer_hears_what_the_others_know_at_once(
    service: BlueprintService, connect: Connect, ada: User
) -> None:
    made = await save(ada, square())
    first: Client = await connect()
    await first.send(opening(made.pk))
    await first.next("blueprint_progress")
    second: Client = await connect()
    await second.send(opening(made.pk))
    assert (await second.next("blueprint_changed"))["version"] == 1
    assert (await second.next("blueprint_progress"))["missing"] == 3


@pytest.mark.slow
async def test_another_version_comes_with_its_own_progress(
    service: BlueprintService, pod: Pod, connect: Connect, ada: User
) -> None:
    made = await save(ada, square())
    await draw(pod, 0, 0, PALETTE[2])
    client: Client = await connect()
    await client.send(opening(made.pk))
    await client.next("blueprint_progress")
    other = template(1, 1, [2])
    await in_thread(storage.store)(other)
    await version(ada, made.pk, 1, image=other.sha256, title="A dog")
    told = await client.next("blueprint_changed")
    assert (told["version"], told["title"], told["image"]) == (2, "A dog", other.sha256)
    progress = await client.next("blueprint_progress")
    assert (progress["version"], progress["right"], progress["missing"]) == (2, 1, 0)


@pytest.mark.slow
async def test_a_hidden_one_vanishes_and_comes_back(
    service: BlueprintService, connect: Connect, ada: User
) -> None:
    made = await save(ada, square())
    client: Client = await connect()
    await client.send(opening(made.pk))
    await client.next("blueprint_changed")
    await in_thread(services.set_hidden)(made.pk, hidden=True)
    assert (await client.next("blueprint_gone"))["blueprint"] == made.pk
    await in_thread(services.set_hidden)(made.pk, hidden=False)
    assert (await client.next("blueprint_changed"))["version"] == 1


@pytest.mark.slow
async def test_a_banned_persons_vanishes_without_a_hint(
    service: BlueprintService, connect: Connect, ada: User
) -> None:
    made = await save(ada, square())
    client: Client = await connect()
    await client.send(opening(made.pk))
    await client.next("blueprint_changed")
    banned = await in_thread(ban)(person=f"user:{ada.pk}", reason="a bot")
    await client.next("blueprint_gone")
    await in_thread(unban)(banned)
    await client.next("blueprint_changed")


async def test_a_deleted_one_and_an_unknown_one_are_gone(
    service: BlueprintService, connect: Connect, ada: User
) -> None:
    made = await save(ada, square())
    client: Client = await connect()
    await client.send(opening(made.pk, "2222222222"))
    assert (await client.next("blueprint_gone"))["blueprint"] == "2222222222"
    await in_thread(services.delete)(ada, made.pk)
    assert (await client.next("blueprint_gone"))["blueprint"] == made.pk


@pytest.mark.slow
async def test_one_of_another_canvas_is_gone(
    service: BlueprintService, connect: Connect, ada: User
) -> None:
    await in_thread(Canvas.objects.create)(slug="other", palette=list(PALETTE))
    made = await save(ada, square(), "other")
    client: Client = await connect()
    await client.send(opening(made.pk))
    await client.next("blueprint_gone")
    elsewhere: Client = await connect("/ws/other/")
    await elsewhere.send(opening(made.pk))
    await elsewhere.next("blueprint_changed")
    assert (await elsewhere.next("blueprint_progress"))["missing"] == 3


@pytest.mark.slow
async def test_a_palette_in_another_order_is_counted_anew(
    service: BlueprintService, pod: Pod, connect: Connect, ada: User
) -> None:
    made = await save(ada, template(1, 1, [2]))
    await draw(pod, 0, 0, PALETTE[3])
    client: Client = await connect()
    await client.send(opening(made.pk))
    assert (await client.next("blueprint_progress"))["wrong"] == 1
    palette = [PALETTE[each] for each in (0, 1, 3, 2, 4)]
    await in_thread(configure)("main", {"palette": palette})
    assert (await client.next("blueprint_progress"))["right"] == 1


@pytest.mark.slow
async def test_a_canvas_that_grows_has_more_of_it(
    service: BlueprintService, connect: Connect, ada: User
) -> None:
    made = await save(ada, template(2, 1, [1, 1]), x=39)
    client: Client = await connect()
    await client.send(opening(made.pk))
    assert (await client.next("blueprint_progress"))["missing"] == 1
    await in_thread(configure)("main", {"width": 50})
    while (await client.next("blueprint_progress"))["missing"] != 2:
        pass


async def test_an_empty_list_closes_all(
    service: BlueprintService, connect: Connect, ada: User
) -> None:
    made = await save(ada, square())
    client: Client = await connect()
    await client.send(opening(made.pk))
    await client.next("blueprint_changed")
    assert service.openings.ids() == {made.pk}
    await client.send(opening())
    await client.send({"type": "ping"})
    await client.next("pong")
    assert not service.openings.ids()


async def test_a_socket_that_ends_closes_its_own(
    service: BlueprintService, connect: Connect, ada: User
) -> None:
    made = await save(ada, square())
    first, second = await connect(), await connect()
    for client in (first, second):
        await client.send(opening(made.pk))
        await client.next("blueprint_changed")
    await first.leave()
    assert service.openings.ids() == {made.pk}
    await second.leave()
    assert not service.openings.ids()


@pytest.mark.parametrize(
    "ids",
    [None, "2222222222", [5], ["../../etcx"], ["x" * 11], ["2222222222"] * (MAX_OPEN + 1), [None]],
    ids=repr,
)
async def test_a_wrong_list_is_refused(
    service: BlueprintService, connect: Connect, ids: object
) -> None:
    client: Client = await connect()
    await client.send({"type": "blueprint_open", "ids": ids, "id": "7"})
    error = await client.next("error")
    assert (error["code"], error["id"]) == ("ids_invalid", "7")


async def test_no_more_are_watched_than_a_pod_can_look_up(
    service: BlueprintService, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openings, "MAX_WATCHED", 1)
    client: Client = await connect()
    await client.send(opening("2222222222"))
    await client.next("blueprint_gone")
    await client.send(opening("2222222222", "3333333333"))
    assert (await client.next("error"))["code"] == "busy"
    assert service.openings.ids() == {"2222222222"}


async def test_unknown_ones_give_way_to_one_that_is_shown(
    service: BlueprintService, connect: Connect, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two networks could fill all places of a pod with ids that nobody has."""
    monkeypatch.setattr(openings, "MAX_WATCHED", 2)
    stranger: Client = await connect()
    await stranger.send(opening("2222222222", "3333333333"))
    for _ in range(2):
        await stranger.next("blueprint_gone")
    blueprint = await save(ada, square())
    client: Client = await connect()
    await client.send(opening(blueprint.pk))
    assert (await client.next("blueprint_changed"))["blueprint"] == blueprint.pk
    assert service.openings.ids() == {"3333333333", blueprint.pk}
    await stranger.leave()
    assert service.openings.ids() == {blueprint.pk}


async def test_what_cannot_be_opened_closes_nothing(
    service: BlueprintService, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openings, "MAX_WATCHED", 2)
    stranger: Client = await connect()
    await stranger.send(opening("2222222222", "3333333333"))
    for _ in range(2):
        await stranger.next("blueprint_gone")
    client: Client = await connect()
    await client.send(opening("4444444444", "5555555555", "6666666666"))
    assert (await client.next("error"))["code"] == "busy"
    assert service.openings.ids() == {"2222222222", "3333333333"}
    assert metrics.open_blueprints._value.get() == 2


@pytest.mark.slow
async def test_what_is_too_large_is_told_without_progress(
    service: BlueprintService, connect: Connect, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "MAX_CELLS", 3)
    large, small = await save(ada, square()), await save(ada, template(1, 1, [1]))
    client: Client = await connect()
    await client.send(opening(large.pk, small.pk))
    assert (await client.next("blueprint_progress"))["blueprint"] == small.pk


@pytest.mark.slow
async def test_more_than_a_round_begins_is_counted_in_the_next(
    service: BlueprintService, connect: Connect, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "MAX_BEGUN", 4)
    made = {(await save(ada, square())).pk for _each in range(3)}
    client: Client = await connect()
    await client.send(opening(*made))
    counted: set[str] = set()
    while counted != made:
        counted.add((await client.next("blueprint_progress"))["blueprint"])


@pytest.mark.slow
async def test_placements_that_memory_has_lost_are_counted_all_the_same(
    service: BlueprintService, pod: Pod, connect: Connect, ada: User
) -> None:
    made = await save(ada, template(1, 1, [1]))
    client: Client = await connect()
    await client.send(opening(made.pk))
    await client.next("blueprint_progress")
    await draw(pod, 0, 0, PALETTE[1])
    stream = pod.relay.current("main")
    stream._oldest = stream.last  # as if more had come in a second than it keeps
    assert (await client.next("blueprint_progress"))["right"] == 1


@pytest.mark.slow
async def test_after_a_fault_all_is_counted_anew(
    service: BlueprintService,
    pod: Pod,
    connect: Connect,
    ada: User,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    made = await save(ada, template(1, 1, [1]))
    client: Client = await connect()
    await client.send(opening(made.pk))
    await client.next("blueprint_progress")
    with monkeypatch.context() as broken:
        broken.setattr(counting, "_columns", lambda _pixels: 1 / 0)
        await draw(pod, 0, 0, PALETTE[1])
        await eventually(lambda: "counted anew" in caplog.text)
    assert (await client.next("blueprint_progress"))["right"] == 1


async def test_a_crowd_is_told_a_part_at_a_time_each_in_order(
    service: BlueprintService, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openings, "PER_TURN", 2)
    heard: list[list[str]] = [[] for _each in range(5)]

    class Crowded:
        slug = "main"

        def __init__(self, number: int) -> None:
            self.number = number

        def send(self, frames: Frames) -> None:
            text = frames.messages[0]["text"]
            heard[self.number].append(json.loads(text)["type"])

        def at_end(self, callback: Callable[[], None]) -> None:
            pass

    made = await save(ada, square())
    found = openings.Opening("main", made.pk)
    people: list[Any] = [Crowded(number) for number in range(5)]
    for each in people:
        found.welcome(each)
    found.learn(await in_thread(reads.find)(made.pk))
    found.learn(None)
    assert heard[4] == []
    del found.clients[people[3]]
    await eventually(lambda: len(heard[4]) == 2)
    assert heard == [["blueprint_changed", "blueprint_gone"]] * 3 + [[], heard[0]]


@pytest.mark.parametrize("signed", [True, False])
async def test_a_hint_of_another_pod_is_looked_at(
    service: BlueprintService, pod: Pod, connect: Connect, ada: User, signed: bool
) -> None:
    made = await save(ada, square())
    client: Client = await connect()
    await client.send(opening(made.pk))
    await client.next("blueprint_changed")
    await in_thread(Blueprint.objects.filter(pk=made.pk).update)(version=9)
    (hint,) = blueprints_changed([made.pk])
    pod._receive(hint if signed else {**hint, "sig": "00"})
    assert (await client.next("blueprint_changed"))["version"] == 9


@pytest.mark.parametrize(
    "wrong",
    [{"ids": None}, {"ids": [5]}, {"ids": ["2222222222"] * 101}, {"site": "other"}],
    ids=repr,
)
async def test_a_message_that_makes_no_sense_is_dropped(
    service: BlueprintService, pod: Pod, wrong: dict[str, Any]
) -> None:
    (hint,) = blueprints_changed(["2222222222"])
    pod._receive(json.loads(json.dumps({**hint, **wrong})))
    await asyncio.sleep(0)
