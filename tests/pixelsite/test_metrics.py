"""The exported metrics and those of docs/metrics.md are the same."""

import re
from pathlib import Path

import pytest
from django.db import connection
from prometheus_client import REGISTRY

import canvas.metrics  # noqa: F401 - registers its metrics
from pixelsite.observe import metrics

DOCUMENT = Path(__file__).resolve().parents[2] / "docs/metrics.md"


def documented() -> dict[str, str]:
    rows = re.findall(r"^\| `(pixelsite_\w+)` \| (.*?) *\|", DOCUMENT.read_text(), re.MULTILINE)
    return dict(rows)


def exported() -> dict[str, str]:
    names: dict[str, str] = {}
    for collector, series in REGISTRY._collector_to_names.items():
        labels = ", ".join(getattr(collector, "_labelnames", ()))
        names |= {name: labels for name in series if name.startswith("pixelsite_")}
    return names


def test_everything_exported_is_documented_with_its_labels() -> None:
    suffixes = ("_bucket", "_count", "_sum", "_created")
    series = exported()
    counters = {name.removesuffix("_total") for name in series if name.endswith("_total")}
    own = {
        name: labels
        for name, labels in series.items()
        if not name.endswith(suffixes) and name not in counters
    }
    assert documented() == own


def test_no_label_names_a_person() -> None:
    labels = {"", "canvas", "code", "outcome", "reason", "action", "kind", "lane"}
    assert set(exported().values()) <= labels


@pytest.mark.django_db
def test_every_query_is_timed() -> None:
    before = metrics.database_seconds._sum.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert metrics.database_seconds._sum.get() > before
