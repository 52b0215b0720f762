"""Complaints of people: filed within limits, each handled by one moderator."""

import threading

import pytest
from django.contrib.auth.models import User
from django.db import connections

from canvas.models import Canvas
from moderation import reports
from moderation.models import Operation, Report
from moderation.reports import Complaint, Taken, TooManyReports, file
from runtime.errors import Refused
from tests.canvas.helpers import ALICE, BOB, ON_SQLITE
from tests.moderation.helpers import staff


def complaint(x: int = 1, y: int = 2) -> Complaint:
    return Complaint("main", x, y, "hate", "")


@pytest.mark.both_databases
def test_the_same_report_again_is_the_one_that_waits(main: Canvas) -> None:
    assert file(ALICE, complaint()) == file(ALICE, complaint())
    file(BOB, complaint())
    assert Report.objects.count() == 2


@pytest.mark.both_databases
def test_one_person_can_file_only_so_many(main: Canvas) -> None:
    for x in range(reports.MAX_REPORTS):
        file(ALICE, complaint(x))
    with pytest.raises(TooManyReports) as caught:
        file(ALICE, complaint(30))
    assert caught.value.retry_after_ms
    file(BOB, complaint(30))


@pytest.mark.both_databases
def test_the_queue_is_bounded(main: Canvas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "MAX_WAITING", 1)
    file(ALICE, complaint())
    with pytest.raises(TooManyReports):
        file(BOB, complaint())


@pytest.mark.both_databases
def test_only_who_claimed_it_releases_and_resolves(moderator: User) -> None:
    report = file(ALICE, complaint())
    other = staff("ma")
    reports.claim(moderator, report)
    for act in (
        lambda: reports.claim(other, report),
        lambda: reports.release(other, report),
        lambda: reports.resolve(other, report, "done"),
    ):
        with pytest.raises(Taken):
            act()
    assert not Operation.objects.exists()
    reports.release(moderator, report)
    reports.claim(other, report)
    reports.resolve(other, report, "done")
    assert Operation.objects.get().by_name == "ma"


@pytest.mark.both_databases
def test_it_cannot_be_resolved_without_a_reason(moderator: User) -> None:
    report = file(ALICE, complaint())
    reports.claim(moderator, report)
    with pytest.raises(Refused):
        reports.resolve(moderator, report, " ")
    report = Report.objects.get()
    assert report.state == Report.State.CLAIMED


@pytest.mark.skipif(ON_SQLITE, reason="the second would wait for the first in any case")
def test_of_many_who_claim_at_once_one_does(moderator: User) -> None:
    report = file(ALICE, complaint())
    people = [moderator, *(staff(f"m{number}") for number in range(5))]
    outcomes: list[str] = []
    start = threading.Barrier(len(people))

    def claim(user: User) -> None:
        try:
            start.wait()
            reports.claim(user, Report.objects.get(pk=report.pk))
            outcomes.append("claimed")
        except Taken:
            outcomes.append("taken")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=claim, args=[user]) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["claimed"] + ["taken"] * 5
