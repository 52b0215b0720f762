"""Reports of people: filed within limits, each handled by one moderator."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from accounts.people import Person
from canvas.models import Canvas
from moderation import filing, reports
from moderation.errors import ReportTaken, TooManyReports
from moderation.filing import file
from moderation.models import Operation, Report
from runtime.errors import Refused
from tests.canvas.helpers import ALICE, BOB, ON_SQLITE
from tests.moderation.helpers import new_report, staff
from tests.support.threads import at_once


@pytest.mark.both_databases
def test_the_same_report_again_is_the_one_that_waits(main: Canvas) -> None:
    assert file(ALICE, new_report()) == file(ALICE, new_report())
    file(BOB, new_report())
    assert Report.objects.count() == 2


@pytest.mark.both_databases
def test_one_person_can_file_only_so_many(main: Canvas) -> None:
    for x in range(filing.OF_PERSON):
        file(ALICE, new_report(x))
    with pytest.raises(TooManyReports) as caught:
        file(ALICE, new_report(30))
    assert caught.value.retry_after_ms
    file(BOB, new_report(30))


@pytest.mark.both_databases
def test_the_queue_is_bounded(main: Canvas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filing, "WAITING", 1)
    file(ALICE, new_report())
    with pytest.raises(TooManyReports):
        file(BOB, new_report())


def guest(number: int, address: str = "") -> Person:
    return Person(f"guest:{number:016x}", "Guest", is_guest=True, address=address)


@pytest.mark.both_databases
def test_one_network_can_file_only_so_many_for_all_its_people(main: Canvas) -> None:
    for number in range(filing.OF_NETWORK):
        file(guest(number, "192.0.2.7"), new_report())
    with pytest.raises(TooManyReports):
        file(replace(ALICE, address="192.0.2.7"), new_report())
    file(guest(99, "192.0.2.8"), new_report())


@pytest.mark.both_databases
def test_all_networks_of_one_customer_are_one(main: Canvas) -> None:
    for number in range(filing.OF_NETWORK):
        file(guest(number, f"2001:db8:7:{number:x}::1"), new_report())
    with pytest.raises(TooManyReports):
        file(guest(99, "2001:db8:7:ffff::1"), new_report())
    file(guest(99, "2001:db8:8::1"), new_report())


@pytest.mark.both_databases
def test_guests_cannot_fill_the_queue(main: Canvas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filing, "WAITING_OF_GUESTS", 3)
    for number in range(3):
        file(guest(number, f"192.0.2.{number}"), new_report())
    with pytest.raises(TooManyReports):
        file(guest(9, "192.0.2.9"), new_report())
    file(ALICE, new_report())


@pytest.mark.both_databases
def test_one_network_cannot_fill_it_over_time(
    main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filing, "WAITING_OF_NETWORK", 2)
    for number in range(2):
        file(guest(number, "192.0.2.7"), new_report())
    with pytest.raises(TooManyReports):
        file(guest(9, "192.0.2.7"), new_report())


@pytest.mark.both_databases
def test_reports_are_claimed_and_resolved_many_at_once(moderator: User) -> None:
    found = [file(guest(number), new_report(number)) for number in range(4)]
    reports.claim(staff("ma"), found[0])
    assert (
        reports.claim_all(moderator, Report.objects.filter(pk__in=[found[0].pk, found[1].pk])) == 1
    )
    operation = reports.resolve_all(moderator, Report.objects.all(), "spam")
    assert operation.before == {"reports": [each.pk for each in found[1:]]}
    assert operation.reason == "spam"
    states = dict(Report.objects.values_list("pk", "state"))
    assert [states[each.pk] for each in found] == ["claimed", *["resolved"] * 3]
    with pytest.raises(ReportTaken):
        reports.resolve_all(moderator, Report.objects.all(), "again")


@pytest.mark.both_databases
def test_many_at_once_are_not_resolved_without_a_reason(moderator: User) -> None:
    file(ALICE, new_report())
    with pytest.raises(Refused):
        reports.resolve_all(moderator, Report.objects.all(), " ")
    assert Report.objects.get().state == Report.State.OPEN


@pytest.mark.both_databases
def test_one_act_is_bounded(moderator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "AT_ONCE", 2)
    for number in range(3):
        file(guest(number), new_report(number))
    assert len(reports.resolve_all(moderator, Report.objects.all(), "spam").before["reports"]) == 2


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

    def claim(number: int) -> str:
        try:
            reports.claim(people[number], Report.objects.get(pk=report.pk))
        except ReportTaken:
            return "taken"
        return "claimed"

    assert sorted(at_once(claim, len(people))) == ["claimed"] + ["taken"] * 5


def test_the_list_resolves_what_is_selected(
    moderator: User, client_of: Callable[[User], Client]
) -> None:
    found = [file(guest(number), new_report(number)) for number in range(3)]
    url = "/admin/moderation/report/"
    client = client_of(moderator)
    said = {"action": "resolve_selected", "_selected_action": [each.pk for each in found[:2]]}
    refused = client.post(url, said, follow=True).content.decode()
    assert "A reason has 1 to 500 characters" in refused
    assert not Operation.objects.exists()
    done = client.post(url, said | {"reason": "spam"}, follow=True).content.decode()
    assert "2 are resolved, by operation" in done
    claimed = {"action": "claim_selected", "_selected_action": [found[2].pk]}
    assert "1 of them are yours" in client.post(url, claimed, follow=True).content.decode()
    assert sorted(Report.objects.values_list("state", flat=True)) == ["claimed", *["resolved"] * 2]


def test_who_may_not_handle_reports_is_offered_no_acts(
    moderator: User, client_of: Callable[[User], Client]
) -> None:
    report = file(ALICE, new_report())
    handle = Permission.objects.get(codename="handle_report")
    Group.objects.get(name="moderator").permissions.remove(handle)
    client = client_of(moderator)
    assert "resolve_selected" not in client.get("/admin/moderation/report/").content.decode()
    said = {"action": "resolve_selected", "_selected_action": [report.pk], "reason": "spam"}
    client.post("/admin/moderation/report/", said)
    assert Report.objects.get().state == Report.State.OPEN
