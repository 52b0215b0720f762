"""Reports of people: filed within limits, each handled by one moderator."""

import threading

import pytest
from django.contrib.auth.models import User
from django.db import connections

from canvas.models import Canvas
from moderation import reports
from moderation.errors import ReportTaken, TooManyReports
from moderation.models import Operation, Report
from moderation.reports import NewReport, file
from runtime.errors import Refused
from tests.canvas.helpers import ALICE, BOB, ON_SQLITE
from tests.moderation.helpers import staff


def new_report(x: int = 1, y: int = 2) -> NewReport:
    return NewReport("main", x, y, "hate", "")


@pytest.mark.both_databases
def test_the_same_report_again_is_the_one_that_waits(main: Canvas) -> None:
    assert file(ALICE, new_report()) == file(ALICE, new_report())
    file(BOB, new_report())
    assert Report.objects.count() == 2


@pytest.mark.both_databases
def test_one_person_can_file_only_so_many(main: Canvas) -> None:
    for x in range(reports.MAX_REPORTS):
        file(ALICE, new_report(x))
    with pytest.raises(TooManyReports) as caught:
        file(ALICE, new_report(30))
    assert caught.value.retry_after_ms
    file(BOB, new_report(30))


@pytest.mark.both_databases
def test_the_queue_is_bounded(main: Canvas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "MAX_WAITING", 1)
    file(ALICE, new_report())
    with pytest.raises(TooManyReports):
        file(BOB, new_report())


@pytest.mark.both_databases
def test_only_its_moderator_releases_and_resolves_a_report(moderator: User) -> None:
    report = file(ALICE, new_report())
    other = staff("ma")
    reports.claim(moderator, report)
    for act in (
        lambda: reports.claim(other, report),
        lambda: reports.release(other, report),
        lambda: reports.resolve(other, report, "done"),
    ):
        with pytest.raises(ReportTaken):
            act()
    assert not Operation.objects.exists()
    reports.release(moderator, report)
    reports.claim(other, report)
    reports.resolve(other, report, "done")
    assert Operation.objects.get().by_name == "ma"


@pytest.mark.both_databases
def test_it_cannot_be_resolved_without_a_reason(moderator: User) -> None:
    report = file(ALICE, new_report())
    reports.claim(moderator, report)
    with pytest.raises(Refused):
        reports.resolve(moderator, report, " ")
    report = Report.objects.get()
    assert report.state == Report.State.CLAIMED


@pytest.mark.skipif(ON_SQLITE, reason="the second would wait for the first in any case")
def test_one_of_many_moderators_at_once_claims_a_report(moderator: User) -> None:
    report = file(ALICE, new_report())
    people = [moderator, *(staff(f"m{number}") for number in range(5))]
    outcomes: list[str] = []
    start = threading.Barrier(len(people))

    def claim(user: User) -> None:
        try:
            start.wait()
            reports.claim(user, Report.objects.get(pk=report.pk))
            outcomes.append("claimed")
        except ReportTaken:
            outcomes.append("taken")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=claim, args=[user]) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["claimed"] + ["taken"] * 5
