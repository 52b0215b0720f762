"""The checker finds each kind of violation where it is planted, and nothing where all is well."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from stress.checker import (
    Ack,
    Held,
    Kind,
    Ledger,
    Observed,
    Pixel,
    Row,
    Violation,
    forfeited,
    judge,
)

WIDTH = 4
BEFORE = 10  # seq of the round's beginning
PIXELS = [Pixel(0, 0, 1), Pixel(1, 0, 2), Pixel(0, 0, 3), Pixel(3, 3, 4)]


def fold(count: int) -> bytes:
    cells = bytearray(WIDTH * WIDTH)
    for pixel in PIXELS[:count]:
        cells[pixel.y * WIDTH + pixel.x] = pixel.color
    return bytes(cells)


def a_good_round() -> tuple[Observed, Ledger]:
    """Two people, each of whom has drawn two pixels that both have seen."""
    rows = [
        Row(BEFORE + n, pixel, f"guest:{n % 2}", 100.0 + n) for n, pixel in enumerate(PIXELS, 1)
    ]
    observed = Observed(
        asks=Counter((row.actor, row.pixel) for row in rows),
        acks=[Ack(row.actor, row.pixel, row.seq, row.pixel, 5.0) for row in rows],
        delivered={row.seq: row.pixel for row in rows},
        boards=[Held("client 0", BEFORE + 4, fold(4)), Held("client 1", BEFORE + 4, fold(4))],
        drawn=4,
        fewest=4,
        is_probed=True,
        probed=1,
    )
    return observed, Ledger(WIDTH, BEFORE, bytes(WIDTH * WIDTH), rows)


def a_lost_ack(observed: Observed, ledger: Ledger) -> None:
    observed.acks.append(Ack("guest:0", Pixel(2, 2, 5), BEFORE + 5, Pixel(2, 2, 5), 5.0))


def an_ack_for_the_pixel_of_another(observed: Observed, ledger: Ledger) -> None:
    observed.acks[0] = observed.acks[0]._replace(seq=BEFORE + 2)


def an_ack_that_names_another_colour(observed: Observed, ledger: Ledger) -> None:
    observed.acks[0] = observed.acks[0]._replace(pixel=Pixel(0, 0, 9))


def a_row_that_is_gone(observed: Observed, ledger: Ledger) -> None:
    ledger.rows = ledger.rows[:-1]
    observed.boards = [Held(each.name, BEFORE + 3, fold(3)) for each in observed.boards]


def a_pixel_placed_twice(observed: Observed, ledger: Ledger) -> None:
    row = ledger.rows[3]
    ledger.rows = [*ledger.rows, row._replace(seq=BEFORE + 5, placed_at=105.0)]
    observed.boards = [each._replace(seq=BEFORE + 5) for each in observed.boards]


def a_pixel_that_nobody_asked_for(observed: Observed, ledger: Ledger) -> None:
    del observed.asks["guest:1", PIXELS[0]]


def a_hole_in_the_ledger(observed: Observed, ledger: Ledger) -> None:
    ledger.rows = [row._replace(seq=row.seq + (row.seq > BEFORE + 2)) for row in ledger.rows]


def a_time_that_runs_back(observed: Observed, ledger: Ledger) -> None:
    ledger.rows = [*ledger.rows[:3], ledger.rows[3]._replace(placed_at=1.0)]


def a_board_with_a_wrong_cell(observed: Observed, ledger: Ledger) -> None:
    observed.boards[1] = observed.boards[1]._replace(cells=fold(4)[:-1] + b"\x09")


def a_board_that_lacks_a_pixel_in_silence(observed: Observed, ledger: Ledger) -> None:
    cells = bytearray(fold(4))
    cells[1] = 0
    observed.boards[0] = observed.boards[0]._replace(cells=bytes(cells))


def a_client_that_stays_behind(observed: Observed, ledger: Ledger) -> None:
    observed.boards[0] = Held("client 0", BEFORE + 3, fold(3))


def a_client_that_is_ahead(observed: Observed, ledger: Ledger) -> None:
    observed.boards[0] = Held("client 0", BEFORE + 9, fold(4))


def a_pixel_delivered_in_another_colour(observed: Observed, ledger: Ledger) -> None:
    """It is drawn over at once, so that no board shows it."""
    observed.delivered[BEFORE + 1] = Pixel(0, 0, 9)


def a_pixel_delivered_that_was_never_placed(observed: Observed, ledger: Ledger) -> None:
    observed.delivered[BEFORE + 5] = Pixel(0, 0, 9)


def an_ask_without_an_answer(observed: Observed, ledger: Ledger) -> None:
    observed.unanswered = 1


def a_503(observed: Observed, ledger: Ledger) -> None:
    observed.noticed.append(Violation(Kind.REFUSED, "GET /api/canvas: 503"))


def an_error_that_nobody_expects(observed: Observed, ledger: Ledger) -> None:
    observed.noticed.append(Violation(Kind.UNEXPECTED, "cooldown over the WebSocket of pod-1"))


def an_exception_of_the_stress(observed: Observed, ledger: Ledger) -> None:
    observed.noticed.append(Violation(Kind.BROKEN, "KeyError('seq')"))


def people_who_draw_next_to_nothing(observed: Observed, ledger: Ledger) -> None:
    observed.fewest = observed.drawn + 1


def requests_without_any_answer(observed: Observed, ledger: Ledger) -> None:
    observed.probed = 0


def a_client_without_a_board(observed: Observed, ledger: Ledger) -> None:
    """It says that it is there."""
    observed.boards[0] = observed.boards[0]._replace(cells=b"")


PLANTED: list[tuple[Callable[[Observed, Ledger], None], Kind]] = [
    (a_lost_ack, Kind.LOST),
    (an_ack_for_the_pixel_of_another, Kind.LOST),
    (an_ack_that_names_another_colour, Kind.LOST),
    (a_row_that_is_gone, Kind.LOST),
    (a_pixel_placed_twice, Kind.DOUBLED),
    (a_pixel_that_nobody_asked_for, Kind.DOUBLED),
    (a_hole_in_the_ledger, Kind.DISORDERED),
    (a_time_that_runs_back, Kind.DISORDERED),
    (a_board_with_a_wrong_cell, Kind.HOLE),
    (a_board_that_lacks_a_pixel_in_silence, Kind.HOLE),
    (a_client_that_stays_behind, Kind.HOLE),
    (a_client_that_is_ahead, Kind.HOLE),
    (a_pixel_delivered_in_another_colour, Kind.HOLE),
    (a_pixel_delivered_that_was_never_placed, Kind.HOLE),
    (an_ask_without_an_answer, Kind.UNANSWERED),
    (a_503, Kind.REFUSED),
    (an_error_that_nobody_expects, Kind.UNEXPECTED),
    (an_exception_of_the_stress, Kind.BROKEN),
    (people_who_draw_next_to_nothing, Kind.FEW),
    (requests_without_any_answer, Kind.FEW),
    (a_client_without_a_board, Kind.HOLE),
]


def test_a_good_round_has_no_violation() -> None:
    assert judge(*a_good_round()) == []


@pytest.mark.parametrize(("plant", "kind"), PLANTED, ids=lambda each: getattr(each, "__name__", ""))
def test_it_finds(plant: Callable[[Observed, Ledger], None], kind: Kind) -> None:
    observed, ledger = a_good_round()
    plant(observed, ledger)
    assert kind in {violation.kind for violation in judge(observed, ledger)}


def test_every_kind_of_its_own_is_planted() -> None:
    assert {kind for _plant, kind in PLANTED} == set(Kind) - {Kind.LATE}


def test_acks_of_a_lost_past_are_counted_aside() -> None:
    observed, ledger = a_good_round()
    observed.acks.append(Ack("guest:0", Pixel(2, 2, 5), BEFORE + 5, Pixel(2, 2, 5), 5.0))
    before = replace(observed, forfeited_before=6.0, forfeited_after=BEFORE + 4)
    assert (judge(before, ledger), forfeited(before)) == ([], 1)
    too_late = replace(observed, forfeited_before=4.0, forfeited_after=BEFORE + 4)
    assert [each.kind for each in judge(too_late, ledger)] == [Kind.LOST]
    not_lost = replace(observed, forfeited_before=6.0, forfeited_after=BEFORE + 5)
    assert [each.kind for each in judge(not_lost, ledger)] == [Kind.LOST]


def test_a_client_is_held_against_its_own_position() -> None:
    """It is behind, which is wrong, and right up to where it is."""
    observed, ledger = a_good_round()
    observed.boards[0] = Held("client 0", BEFORE + 2, fold(2))
    (violation,) = judge(observed, ledger)
    assert violation.what == "client 0 is at 12, and the ledger at 14"
