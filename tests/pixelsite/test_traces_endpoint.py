"""The endpoint of traces: OpenTelemetry's own variables, and clear errors."""

import os
import subprocess
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from pixelsite.conf.env import Environment
from pixelsite.conf.traces import traces_endpoint
from tests.support.processes import MANAGE, ROOT

BASE, EXACT = "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"


@pytest.mark.parametrize(
    ("given", "endpoint"),
    [
        ({}, ""),
        ({BASE: "http://c:4318"}, "http://c:4318/v1/traces"),
        ({BASE: "https://c/otlp/"}, "https://c/otlp/v1/traces"),
        ({BASE: "http://c:4318", EXACT: "http://d/spans"}, "http://d/spans"),
        ({EXACT: "http://d/", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}, "http://d/"),
        ({BASE: "http://c:4318", "OTEL_SDK_DISABLED": "true"}, ""),
    ],
)
def test_the_endpoint(given: dict[str, str], endpoint: str) -> None:
    assert traces_endpoint(Environment(given)) == endpoint


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({BASE: "c:4318"}, BASE),
        ({BASE: "grpc://c:4317"}, BASE),
        ({BASE: "http://c:4317", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, "PROTOCOL"),
        ({BASE: "http://c:4318", "OTEL_SDK_DISABLED": "maybe"}, "OTEL_SDK_DISABLED"),
    ],
)
def test_an_unsupported_endpoint_is_refused(given: dict[str, str], named: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=named):
        traces_endpoint(Environment(given))


@pytest.mark.slow
def test_without_the_packages_a_pod_does_not_start(tmp_path: Path) -> None:
    (tmp_path / "opentelemetry.py").touch()  # found first, and empty

    def check(endpoint: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"PYTHONPATH": str(tmp_path), BASE: endpoint}
        return subprocess.run(
            [*MANAGE, "check"], cwd=ROOT, env=environment, capture_output=True, text=True
        )

    assert check("").returncode == 0
    refused = check("http://c:4318")
    assert refused.returncode != 0
    assert "requirements-otel.txt" in refused.stderr.splitlines()[-1]
