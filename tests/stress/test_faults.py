"""The table of faults."""

from pathlib import Path

import pytest

from stress.__main__ import FAMILIES, _chosen
from stress.checker import Kind, Violation
from stress.faults import clocks, pods
from stress.faults.fault import SILENT_BOUND
from stress.load import Load
from stress.report import COUNTED, table, whole
from stress.round import Outcome


def outcome(*violations: Violation, whole_after: float = 1.0, forfeited: int = 0) -> Outcome:
    return Outcome(pods.FAMILY.faults[0], whole_after, 90, forfeited, 3, violations, 4.0)


def test_each_fault_has_a_name_of_its_own_and_a_bound() -> None:
    faults = [fault for family in FAMILIES for fault in family.faults]
    assert len({fault.name for fault in faults}) == len(faults) >= 20
    assert {fault.bound for fault in faults} <= {5.0, SILENT_BOUND}
    assert [fault.name for fault in faults if fault.bound == SILENT_BOUND] == [
        "PostgreSQL is cut off in silence"
    ]


def test_a_family_or_single_faults_can_be_chosen() -> None:
    assert [family.name for family in _chosen([])] == [family.name for family in FAMILIES]
    (family,) = _chosen(["redis"])
    assert len(family.faults) > 1
    (family,) = _chosen(["a pod is killed"])
    assert [fault.name for fault in family.faults] == ["a pod is killed"]


def test_a_row_has_the_worst_round_and_all_violations() -> None:
    bad = Violation(Kind.LOST, "7 was acknowledged")
    row = table([outcome(), outcome(bad, bad, whole_after=9.0, forfeited=2)]).splitlines()[2]
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[0] == "a pod is killed"
    assert cells[3:7] == ["2", "5.0, 9.0", "5", "180 (2 gone with the primary)"]
    assert dict(zip(COUNTED, cells[7:], strict=False))[Kind.LOST] == "2"
    assert cells[-1] == "6"


def test_the_report_names_load_violations_and_what_is_left_out() -> None:
    bad = Violation(Kind.LATE, "whole after 9.0 s")
    text = whole(Load(3, 60, 30, 1), [outcome(bad)], ["Left out: disk."])
    assert "3 pods, 60 sockets, 30 px/s by 6 people, 1 rounds each" in text
    assert "- a pod is killed: **late**: whole after 9.0 s" in text
    assert "Left out: disk." in text


def test_without_libfaketime_the_clocks_are_left_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(clocks, "LIBRARIES", tmp_path)
    assert "faketime" in clocks.lacks()
