"""The monitoring files are valid, and name metrics that exist."""

import json
import re
import subprocess
from collections.abc import Iterator
from typing import Any

import promql_parser
import pytest
import yaml
from prometheus_client import REGISTRY

from tests.deploy.conftest import DEPLOY, render
from tests.support.processes import ROOT

MONITORING = DEPLOY / "monitoring"
METRIC = re.compile(r"\b(?:pixelsite|redis)_[a-z_]+\b")
# Metrics of redis_exporter, which may run INFO alone.
EXPORTED = {
    "redis_up",
    "redis_connected_slaves",
    "redis_instance_info",
    "redis_memory_max_bytes",
    "redis_memory_used_bytes",
}


def dashboard() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((MONITORING / "dashboard.json").read_text())
    return loaded


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load((MONITORING / "alerts.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def expressions() -> Iterator[str]:
    for panel in dashboard()["panels"]:
        yield from (target["expr"] for target in panel["targets"])
    yield from (rule["expr"] for rule in rules())


def exported_names() -> set[str]:
    import pixelsite.management.commands.serve  # noqa: F401 - makes every metric of a pod

    names = set(EXPORTED)
    for family in REGISTRY.collect():
        suffixes = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"]}
        names |= {family.name + suffix for suffix in suffixes.get(family.type, [""])}
    return names


@pytest.mark.tools
@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "config", "prometheus.yml"],
        ["check", "rules", "alerts.yml"],
        ["test", "rules", "alerts_test.yml"],
    ],
    ids=" ".join,
)
def test_prometheus_accepts_it(arguments: list[str]) -> None:
    checked = subprocess.run(
        ["promtool", *arguments], cwd=MONITORING, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_expression_parses_and_names_metrics_that_exist() -> None:
    known = exported_names()
    for expression in expressions():
        promql_parser.parse(expression)
        assert set(METRIC.findall(expression)) <= known, expression


def test_the_dashboard_is_whole() -> None:
    panels = dashboard()["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert {panel["datasource"]["uid"] for panel in panels} == {"${datasource}"}
    taken = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels]
    assert len(set(taken)) == len(taken)
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in panels)


def test_every_alert_is_tested_and_explained() -> None:
    names = {rule["alert"] for rule in rules()}
    tested = yaml.safe_load((MONITORING / "alerts_test.yml").read_text())["tests"]
    raised = {
        case["alertname"]
        for test in tested
        for case in test["alert_rule_test"]
        if case.get("exp_alerts")
    }
    assert names == raised
    chapters = re.findall(r"^### (\w+)$", (ROOT / "docs/runbook.md").read_text(), re.MULTILINE)
    assert names == set(chapters)


@pytest.mark.tools
def test_what_is_scraped_is_deployed() -> None:
    config = (MONITORING / "prometheus.yml").read_text()
    services = {each["metadata"]["name"] for each in render("production").of_kind("Service")}
    named = set(re.findall(r"([a-z-]+)\.pixelsite\b", config)) | {"redis"}
    assert named <= services
    assert all(f"redis-{number}.redis:6379" in config for number in range(3))
