"""The overlay of docs/deploy.md renders, and sets the images, the host and the network."""

import re
import shutil
import textwrap
from pathlib import Path

import pytest

from tests.deploy.conftest import DEPLOY, Manifests
from tests.support.processes import ROOT

pytestmark = pytest.mark.tools

CHAPTER = ROOT / "docs/deploy.md"


@pytest.fixture
def mine(tmp_path: Path) -> Manifests:
    shown = re.search(
        r"^ +# deploy/k8s/overlays/mine.*?(?=^ {3}\S)", CHAPTER.read_text(), re.M | re.S
    )
    assert shown
    shutil.copytree(DEPLOY / "k8s", tmp_path / "k8s")
    overlay = tmp_path / "k8s/overlays/mine"
    overlay.mkdir()
    (overlay / "kustomization.yaml").write_text(textwrap.dedent(shown[0]))
    return Manifests(overlay)


def test_it_sets_images_by_digest_host_and_network(mine: Manifests) -> None:
    (route,) = mine.of_kind("HTTPRoute")
    assert route["spec"]["hostnames"] == ["canvas.mine.example"]
    (settings,) = (
        each["data"] for each in mine.of_kind("ConfigMap") if "ALLOWED_HOSTS" in each["data"]
    )
    assert settings["ALLOWED_HOSTS"] == "canvas.mine.example,localhost"
    assert settings["ALLOWED_ORIGINS"] == "https://canvas.mine.example"
    images = {container["image"] for _, container, _ in mine.containers()}
    assert "REGISTRY/pixelsite@sha256:DIGEST" in images
    assert all(image.endswith("@sha256:DIGEST") for image in images), images
    assert "192.0.2." not in mine.text
    assert "canvas.example.com" not in mine.text
