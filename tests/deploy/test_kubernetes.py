"""Every overlay is valid for the supported clusters, and all that it references exists."""

import json
import subprocess
import sys
from collections.abc import Iterator

import kubernetes_validate
import pytest

from tests.deploy.conftest import Manifests, Object, matches, render
from tests.pixelsite.test_documented import documented_settings
from tests.support.processes import ROOT

VERSIONS = ("1.31", "1.35")
# Kinds without a schema in any package: only a cluster checks them.
EXTENSIONS = {"HTTPRoute", "Certificate", "Issuer"}
# Secrets that the deployer makes, besides those of scripts/secrets.
MADE_BY_DEPLOYER = {"managed-redis": {"url", "ca.crt"}, "public-tls": {"tls.crt", "tls.key"}}
DATABASE = "--database-url=postgres://pod:p@h/n", "--owner-url=postgres://owner:p@h/n"
SCALER = "HorizontalPodAutoscaler"
CERTIFICATE_KEYS = {"tls.crt", "tls.key", "ca.crt"}


@pytest.mark.parametrize("version", VERSIONS)
def test_every_object_follows_its_schema(manifests: Manifests, version: str) -> None:
    for each in manifests.objects:
        if each["kind"] not in EXTENSIONS:
            kubernetes_validate.validate(each, version, strict=True)


def test_selectors_find_their_pods(manifests: Manifests) -> None:
    pods = [template["metadata"]["labels"] for _, template in manifests.workloads()]
    for each in manifests.of_kind("Service"):
        assert any(each["spec"]["selector"].items() <= labels.items() for labels in pods), each
    for each in manifests.of_kind("PodDisruptionBudget", "NetworkPolicy"):
        selector = each["spec"].get("selector") or each["spec"]["podSelector"]
        assert any(matches(selector, labels) for labels in pods), each
    for each in manifests.of_kind("Deployment", "StatefulSet"):
        labels = each["spec"]["template"]["metadata"]["labels"]
        assert matches(each["spec"]["selector"], labels)


def test_ports_that_are_named_exist(manifests: Manifests) -> None:
    named = {
        port["name"]
        for _, container, _ in manifests.containers()
        for port in container.get("ports", [])
    }
    for each in manifests.of_kind("Service"):
        assert {port["targetPort"] for port in each["spec"]["ports"]} <= named
    for _, container, _ in manifests.containers():
        for kind in ("startupProbe", "livenessProbe", "readinessProbe"):
            probe = container.get(kind, {})
            action = probe.get("httpGet") or probe.get("tcpSocket")
            if action:
                assert action["port"] in {port["name"] for port in container["ports"]}


def test_every_secret_and_map_that_is_referenced_exists(manifests: Manifests) -> None:
    offered = {**MADE_BY_DEPLOYER, **printed_secrets()}
    for each in manifests.of_kind("Certificate"):
        offered[each["spec"]["secretName"]] = CERTIFICATE_KEYS
    for each in manifests.of_kind("Secret", "ConfigMap"):
        offered[each["metadata"]["name"]] = {*each.get("data", {}), *each.get("stringData", {})}
    for name, keys in references(manifests):
        assert keys <= offered.get(name, set()), f"{name} has no {keys}"
        assert name in offered, f"{name} comes from nowhere"


def references(manifests: Manifests) -> Iterator[tuple[str, set[str]]]:
    """Yield the name of each Secret or ConfigMap that is used, and the keys of it."""
    for _, container, spec in manifests.containers():
        for source in container.get("envFrom", []):
            yield (source.get("configMapRef") or source["secretRef"])["name"], set()
        for variable in container.get("env", []):
            reference = variable.get("valueFrom", {}).get("secretKeyRef")
            if reference:
                yield reference["name"], {reference["key"]}
        for volume in spec.get("volumes", []):
            yield from volume_references(volume)


def volume_references(volume: Object) -> Iterator[tuple[str, set[str]]]:
    for source in [volume, *volume.get("projected", {}).get("sources", [])]:
        for kind, key in (("secret", "secretName"), ("configMap", "name")):
            if kind in source:
                items = {item["key"] for item in source[kind].get("items", [])}
                yield source[kind].get(key) or source[kind]["name"], items


def printed_secrets() -> dict[str, set[str]]:
    printed = subprocess.run(
        [sys.executable, str(ROOT / "scripts/secrets"), *DATABASE],
        capture_output=True,
        text=True,
        check=True,
    )
    items = json.loads(printed.stdout)["items"]
    return {each["metadata"]["name"]: set(each["stringData"]) for each in items}


def test_files_that_settings_name_are_mounted(manifests: Manifests) -> None:
    for name, container, _ in manifests.containers():
        mounts = [mount["mountPath"] for mount in container.get("volumeMounts", [])]
        for variable in container.get("env", []):
            value = variable.get("value", "")
            if value.startswith("/"):
                assert any(value.startswith(f"{mount}/") for mount in mounts), (name, value)


def test_the_gateway_is_given_settings_that_exist(manifests: Manifests) -> None:
    known = documented_settings()
    maps = manifests.of_kind("ConfigMap")
    settings = next(each for each in maps if each["metadata"]["name"].startswith("pixelsite"))
    given = set(settings["data"])
    for name, container, _ in manifests.containers():
        if name == "gateway/gateway":
            given |= {variable["name"].removesuffix("_FILE") for variable in container["env"]}
    assert given <= known


def test_a_pod_has_time_to_drain(manifests: Manifests) -> None:
    gateway = dict(manifests.workloads())["gateway"]["spec"]
    container = gateway["containers"][0]
    before = container["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert gateway["terminationGracePeriodSeconds"] >= before + 60


def test_an_autoscaled_deployment_has_no_replicas(manifests: Manifests) -> None:
    """Otherwise each apply would set that number, and stop the pods above it."""
    scaled = [each["spec"]["scaleTargetRef"]["name"] for each in manifests.of_kind(SCALER)]
    for each in manifests.of_kind("Deployment"):
        if each["metadata"]["name"] in scaled:
            assert "replicas" not in each["spec"]
    assert scaled == ([] if manifests is render("dev") else ["gateway"])


def test_pods_wait_for_the_migration_of_their_own_version(manifests: Manifests) -> None:
    gateway = dict(manifests.workloads())["gateway"]["spec"]
    (waiting,) = gateway["initContainers"]
    job = dict(manifests.workloads())["migrate"]["spec"]
    (migration,), (sealing,) = job["initContainers"], job["containers"]
    steps = (waiting, migration, sealing, gateway["containers"][0])
    assert len({step["image"] for step in steps}) == 1
    assert (migration["args"][0], sealing["args"]) == ("migrate", ["seal"])
    assert "migrate --check" in waiting["command"][-1]
    assert "seal --check" in waiting["command"][-1]
