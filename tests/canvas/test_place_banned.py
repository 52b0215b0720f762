"""No pixel of a banned person gets through, from the commit of the ban on."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.bans import ban, unban
from accounts.errors import Banned
from canvas.domain.errors import CoolingDown, DrawnOver, IdReused, NoChange
from canvas.domain.pixel import Seen
from canvas.ledger import withheld
from canvas.ledger.placing import Order, Placed
from canvas.models import Canvas, Placement
from canvas.services import place, renew_epoch
from runtime.errors import Refused
from tests.canvas.helpers import (
    ALICE,
    BOB,
    GUEST,
    ON_SQLITE,
    PALETTE,
    configured,
    order,
    placed_before,
)

pytestmark = [pytest.mark.both_databases]


def test_only_the_banned_person_is_refused(main: Canvas) -> None:
    ban(person=ALICE.id, reason="a bot")
    answers = place("main", [order(person=ALICE), order(person=BOB)])
    assert isinstance(answers[0], Banned)
    assert "a bot" in answers[0].detail
    assert isinstance(answers[1], Placed)
    assert list(Placement.objects.values_list("actor", flat=True)) == [BOB.id]


def test_a_banned_network_is_refused_for_every_person(main: Canvas) -> None:
    ban(network="192.0.2.0/24", reason="bots")
    inside, outside = replace(GUEST, address="192.0.2.9"), replace(GUEST, address="192.0.3.9")
    answers = place("main", [order(person=inside), order(person=outside)])
    assert [type(answer) for answer in answers] == [Banned, Placed]


def test_unban_lets_draw_again(main: Canvas) -> None:
    unban(ban(person=ALICE.id, reason="a bot"))
    assert isinstance(place("main", [order()])[0], Placed)


def test_the_shadow_list_is_answered_and_nothing_is_written(main: Canvas) -> None:
    configured(main, own_cooldown_ms=5000)
    ban(person=ALICE.id, reason="maybe a bot", shadow=True)
    answer, refused = place("main", [order(), order(color="#123456")])
    assert isinstance(answer, Placed)
    assert (answer.pixel.seq, answer.cooldown_ms) == (1, 5000)
    assert not isinstance(refused, Placed), "what is wrong is refused to them too"
    main.refresh_from_db()
    assert (main.seq, Placement.objects.count()) == (0, 0)


def test_the_cooldown_from_before_holds_on_the_shadow_list(main: Canvas) -> None:
    configured(main, own_cooldown_ms=60_000)
    placed_before(main, 1000)
    ban(person=ALICE.id, reason="maybe a bot", shadow=True)
    assert isinstance(place("main", [order()])[0], CoolingDown)


def test_the_shadow_list_has_the_cooldown_of_everybody(main: Canvas) -> None:
    configured(main, own_cooldown_ms=60_000, charges=2)
    ban(person=ALICE.id, reason="maybe a bot", shadow=True)
    at_once = place("main", [order(), order(x=2), order(x=3)])
    assert [type(answer) for answer in at_once] == [Placed, Placed, CoolingDown]
    assert isinstance(place("main", [order(x=4)])[0], CoolingDown), "in another transaction, too"
    assert isinstance(place("main", [order(person=BOB)])[0], Placed)
    assert Placement.objects.count() == 1


def test_each_pixel_of_the_shadow_list_has_a_seq_of_its_own(main: Canvas) -> None:
    ban(person=ALICE.id, reason="maybe a bot", shadow=True)
    answers = [*place("main", [order(), order(x=2)]), *place("main", [order(x=3)])]
    place("main", [order(person=BOB) for _ in range(9)])
    answers += place("main", [order(x=4)])
    seqs = [answer.pixel.seq for answer in answers if isinstance(answer, Placed)]
    assert len(seqs) == 4
    assert seqs == sorted(set(seqs))
    assert seqs[-1] == 10


def test_the_same_id_is_answered_again_on_the_shadow_list(main: Canvas) -> None:
    configured(main, own_cooldown_ms=60_000, charges=2)
    ban(person=ALICE.id, reason="maybe a bot", shadow=True)
    (first,) = place("main", [order(id="op-1")])
    again, other = place("main", [order(id="op-1"), order(x=5, id="op-1")])
    assert isinstance(first, Placed)
    assert isinstance(again, Placed)
    assert (again.pixel, again.charges_left) == (first.pixel, 1), "it costs nothing more"
    assert isinstance(other, IdReused)
    assert Placement.objects.count() == 0


def test_over_goes_by_what_a_person_on_the_shadow_list_sees(main: Canvas) -> None:
    place("main", [order(person=BOB)])
    ban(person=ALICE.id, reason="maybe a bot", shadow=True)

    def over(seq: int, color: str) -> Placed | Refused:
        return place("main", [seeing(order(color=color, over=seq), 0)])[0]

    first = over(1, PALETTE[3])
    assert isinstance(first, Placed)
    assert isinstance(over(1, PALETTE[4]), DrawnOver), "the own pixel lies there now"
    assert isinstance(over(first.pixel.seq + 7, PALETTE[4]), DrawnOver)
    second = over(first.pixel.seq, PALETTE[4])
    assert isinstance(second, Placed)
    assert isinstance(over(second.pixel.seq, PALETTE[3]), Placed)


def test_the_same_colour_is_no_change_on_the_shadow_list(main: Canvas) -> None:
    ban(person=ALICE.id, reason="maybe a bot", shadow=True)

    def draw(color: int, shown: int = 0) -> Placed | Refused:
        return place("main", [seeing(order(color=PALETTE[color]), shown)])[0]

    assert isinstance(draw(2), Placed)
    assert isinstance(draw(2), NoChange)
    assert isinstance(draw(0), Placed), "what all others see is a change for this person"
    assert isinstance(draw(0), NoChange)
    assert isinstance(draw(0, shown=4), Placed), "another person has drawn there since"


def test_what_others_draw_in_the_same_batch_lies_beneath_on_the_shadow_list(main: Canvas) -> None:
    ban(person=ALICE.id, reason="maybe a bot", shadow=True)
    by_bob, mine = order(color=PALETTE[3], person=BOB), seeing(order(color=PALETTE[2]), 0)
    *_, first, again = place("main", [by_bob, order(x=9, person=BOB), mine, mine])
    assert isinstance(first, Placed)
    assert first.pixel.seq == 3, "as if it followed what was placed before it"
    assert isinstance(again, NoChange)
    assert isinstance(place("main", [replace(mine, seen=Seen(3, False))])[0], NoChange)
    over = order(color=PALETTE[4], person=BOB)
    _, anew = place("main", [over, replace(mine, seen=Seen(3, False))])
    assert isinstance(anew, Placed), "another person has drawn there since"


def test_another_past_has_nothing_of_the_shadow_list(main: Canvas) -> None:
    ban(person=ALICE.id, reason="maybe a bot", shadow=True)
    (first,) = place("main", [order(id="op-1")])
    renew_epoch("main")
    (again,) = place("main", [order(x=9, id="op-1")])
    assert isinstance(first, Placed)
    assert isinstance(again, Placed)


def test_what_is_remembered_of_the_shadow_list_is_bounded(
    main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(withheld, "MAX_PIXELS", 3)
    ban(person=ALICE.id, reason="maybe a bot", shadow=True)
    place("main", [order(x=x, id=f"op-{x}") for x in range(9)])
    kept = [x for x in range(9) if withheld.told.answered(epoch_of(main), ALICE.id, f"op-{x}")]
    assert kept == [6, 7, 8]


def seeing(asked: Order, shown: int) -> Order:
    """Return the order as a pod makes it whose board has that colour on the cell."""
    has_asked_color = asked.draw.over is None and PALETTE[shown] == asked.draw.color
    return replace(asked, seen=Seen(shown, has_asked_color=has_asked_color))


def epoch_of(canvas: Canvas) -> int:
    canvas.refresh_from_db()
    return int(canvas.epoch)


def test_a_transaction_that_is_undone_has_told_nobody_on_the_shadow_list(main: Canvas) -> None:
    configured(main, own_cooldown_ms=60_000)
    ban(person=ALICE.id, reason="maybe a bot", shadow=True)
    asked = [seeing(order(), 0), seeing(order(3, id="op-1"), 0)]
    for each in asked:
        with pytest.raises(EOFError), transaction.atomic():
            assert isinstance(place("main", [each])[0], Placed)
            raise EOFError
    assert not withheld.told.has_any(ALICE.id)
    kinds = [type(place("main", [each])[0]) for each in (asked[0], asked[0])]
    assert kinds == [Placed, NoChange]


@pytest.mark.skipif(ON_SQLITE, reason="SQLite has one lock for everything")
def test_a_ban_while_a_person_draws_as_fast_as_it_can(main: Canvas) -> None:
    """A placement under way when the ban was committed has a seq by the next transaction."""
    drawing, stop = Event(), Event()

    def draw_on() -> int:
        answers = []
        while not stop.is_set():
            answers += place("main", [order()])
            if len(answers) == 5:
                drawing.set()
        connection.close()
        return sum(isinstance(answer, Placed) for answer in answers)

    with ThreadPoolExecutor(2) as threads:
        drawers = [threads.submit(draw_on) for _ in range(2)]
        drawing.wait()
        ban(person=ALICE.id, reason="a bot")
        (fence,) = place("main", [order(person=BOB)])
        place("main", [order(person=BOB)])
        stop.set()
        placed = sum(drawer.result() for drawer in drawers)
    assert isinstance(fence, Placed)
    newest = Placement.objects.filter(actor=ALICE.id).order_by("-seq").first()
    assert newest is not None
    assert newest.seq < fence.pixel.seq
    assert placed == fence.pixel.seq - 1


def test_bans_cost_no_query_while_none_is_new(main: Canvas) -> None:
    ban(person=BOB.id, reason="a bot")
    place("main", [order()])
    with CaptureQueriesContext(connection) as queries:
        place("main", [order()])
    asked = [query["sql"] for query in queries if "accounts_" in query["sql"]]
    assert len(asked) == 1, "the revision, in the query that reads the database's time"
    assert "canvas_" in asked[0]
