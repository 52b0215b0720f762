"""Fixtures: the manifests of a deployment, rendered as by `kubectl apply -k`."""

import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.client import kubectl
from tests.support.processes import ROOT

DEPLOY = ROOT / "deploy"
OVERLAYS = ("dev", "production", "managed-redis")

Object = dict[str, Any]


class Manifests:
    """The objects of one overlay."""

    def __init__(self, folder: Path) -> None:
        rendered = subprocess.run(
            [kubectl(), "kustomize", str(folder)], capture_output=True, text=True, check=True
        )
        assert not rendered.stderr, rendered.stderr
        self.text = rendered.stdout
        self.objects: list[Object] = list(yaml.safe_load_all(self.text))

    def of_kind(self, *kinds: str) -> list[Object]:
        return [each for each in self.objects if each["kind"] in kinds]

    def workloads(self) -> Iterator[tuple[str, Object]]:
        """Yield the name and the pod template of each object that makes pods."""
        for each in self.of_kind("Deployment", "StatefulSet", "Job"):
            yield each["metadata"]["name"], each["spec"]["template"]

    def containers(self) -> Iterator[tuple[str, Object, Object]]:
        """Yield the name of each container, the container, and its pod's spec."""
        for name, template in self.workloads():
            spec = template["spec"]
            for container in [*spec["containers"], *spec.get("initContainers", [])]:
                yield f"{name}/{container['name']}", container, spec


@cache
def render(overlay: str) -> Manifests:
    return Manifests(DEPLOY / "k8s/overlays" / overlay)


@pytest.fixture(params=OVERLAYS)
def manifests(request: pytest.FixtureRequest) -> Manifests:
    return render(request.param)


def matches(selector: Object, labels: Object) -> bool:
    wanted: Object = selector.get("matchLabels", {})
    return wanted.items() <= labels.items()
