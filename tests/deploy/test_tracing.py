"""The component that lets pods send spans to their collector alone."""

import shutil
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

from tests.deploy.conftest import DEPLOY, Manifests, render

pytestmark = pytest.mark.tools

COMPONENT = "../../components/tracing"


@pytest.fixture
def traced(tmp_path: Path) -> Manifests:
    """The overlay of production with that component added."""
    shutil.copytree(DEPLOY / "k8s", tmp_path / "k8s")
    overlay = tmp_path / "k8s/overlays/production"
    file = overlay / "kustomization.yaml"
    content = yaml.safe_load(file.read_text())
    content["components"].append(COMPONENT)
    file.write_text(yaml.safe_dump(content))
    return Manifests(overlay)


def test_it_adds_an_endpoint_and_the_way_there(traced: Manifests) -> None:
    (settings,) = (
        each["data"]
        for each in traced.of_kind("ConfigMap")
        if each["metadata"]["name"].startswith("pixelsite")
    )
    assert settings["OTEL_EXPORTER_OTLP_ENDPOINT"].endswith(".monitoring:4318")
    assert settings["METRICS_PORT"] == "9000", "beside the settings that were there"
    names = {each["metadata"]["name"] for each in render("production").of_kind("NetworkPolicy")}
    (added,) = (
        each for each in traced.of_kind("NetworkPolicy") if each["metadata"]["name"] not in names
    )
    kubernetes_validate.validate(added, "1.31", strict=True)
    assert added["spec"]["policyTypes"] == ["Egress"]
    (rule,) = added["spec"]["egress"]
    (collector,) = rule["to"]
    assert collector["namespaceSelector"]["matchLabels"].popitem()[1] == "monitoring"
    assert [port["port"] for port in rule["ports"]] == [4318]
