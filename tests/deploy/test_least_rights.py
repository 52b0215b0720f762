"""Containers and network policies allow no more than is needed."""

import shutil
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from pixelsite.urls import urlpatterns
from tests.deploy.conftest import DEPLOY, Manifests, Object, matches, render

REDIS_PORTS = {6379, 26379}


def test_no_container_is_root_or_may_become_it(manifests: Manifests) -> None:
    for name, container, spec in manifests.containers():
        pod, own = spec["securityContext"], container["securityContext"]
        assert pod["runAsNonRoot"] is True, name
        assert pod["runAsUser"] > 0, name
        assert pod["seccompProfile"]["type"] == "RuntimeDefault", name
        assert own["allowPrivilegeEscalation"] is False, name
        assert own["readOnlyRootFilesystem"] is True, name
        assert own["capabilities"] == {"drop": ["ALL"]}, name
        assert "privileged" not in own, name


def test_no_pod_gets_a_key_to_the_cluster(manifests: Manifests) -> None:
    for name, template in manifests.workloads():
        assert template["spec"]["automountServiceAccountToken"] is False, name
        assert not {"hostNetwork", "hostPID", "hostIPC"} & template["spec"].keys(), name


def test_every_container_is_bounded_and_pinned(manifests: Manifests) -> None:
    for name, container, _ in manifests.containers():
        assert "memory" in container["resources"]["limits"], name
        assert {"cpu", "memory"} <= container["resources"]["requests"].keys(), name
        _, _, tag = container["image"].rpartition(":")
        assert tag not in ("", "latest"), name
        assert tag != container["image"], f"{name} has no version"


def test_every_server_is_probed(manifests: Manifests) -> None:
    for name, container, _ in manifests.containers():
        if container.get("ports"):
            assert {"readinessProbe", "livenessProbe"} <= container.keys(), name


@pytest.mark.tools
@pytest.mark.parametrize("overlay", ["production", "managed-redis"])
def test_no_password_stands_in_a_manifest(overlay: str) -> None:
    assert render(overlay).of_kind("Secret") == []


@pytest.mark.tools
def test_a_pod_has_the_password_of_its_own_user_alone() -> None:
    (spec,) = (t["spec"] for name, t in render("production").workloads() if name == "gateway")
    (volume,) = (each for each in spec["volumes"] if each["name"] == "redis")
    keys = {
        item["key"]
        for source in volume["projected"]["sources"]
        for item in source["secret"]["items"]
    }
    assert keys == {"gateway-password", "ca.crt"}


def test_the_owner_of_the_tables_is_known_to_the_job_that_migrates_alone(
    manifests: Manifests,
) -> None:
    for name, template in manifests.workloads():
        mounted = str(template["spec"].get("volumes", ()))
        assert ("database-owner" in mounted) is (name == "migrate"), name
        assert ("database-url" in mounted) is False, "a pod mounts the Secret `pixelsite` whole"
    (job,) = (t["spec"] for name, t in manifests.workloads() if name == "migrate")
    for container in [*job["containers"], *job["initContainers"]]:
        settings = {each["name"]: each["value"] for each in container["env"]}
        assert settings["DATABASE_POD_ROLE"] == "pixelsite_pod"
        assert settings["DATABASE_URL_FILE"].endswith("/owner-url")


def test_what_is_not_allowed_is_denied(manifests: Manifests) -> None:
    denying = [each["spec"] for each in manifests.of_kind("NetworkPolicy")]
    everyone = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    assert everyone in denying


@pytest.mark.tools
@pytest.mark.parametrize("overlay", ["dev", "production"])
def test_redis_is_reached_by_its_clients_alone(overlay: str) -> None:
    manifests = render(overlay)
    redis = {"app.kubernetes.io/name": "redis"}
    allowed = []
    for policy in policies_for(manifests, redis, "Ingress"):
        for rule in policy.get("ingress", []):
            assert {port["port"] for port in rule["ports"]} <= REDIS_PORTS
            allowed += rule["from"]
    assert allowed == [{"podSelector": {"matchLabels": {"redis-client": "true"}}}]
    clients = {
        name
        for name, template in manifests.workloads()
        if template["metadata"]["labels"].get("redis-client") == "true"
    }
    assert clients <= {"gateway", "redis", "redis-exporter"}
    assert "gateway" in clients


def test_the_gateway_gets_out_to_redis_the_database_and_dns_alone(manifests: Manifests) -> None:
    labels = dict(manifests.workloads())["gateway"]["metadata"]["labels"]
    ports: set[Any] = set()
    for policy in policies_for(manifests, labels, "Egress"):
        for rule in policy.get("egress", []):
            assert rule["to"], "to somewhere, not everywhere"
            ports |= {port["port"] for port in rule["ports"]}
    assert {53, 5432, 6379} <= ports <= {53, 5432, *REDIS_PORTS}


def test_people_come_through_the_controller_that_the_overlay_uses(manifests: Manifests) -> None:
    labels = dict(manifests.workloads())["gateway"]["metadata"]["labels"]
    admitted = {
        source["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"]
        for policy in policies_for(manifests, labels, "Ingress")
        for rule in policy.get("ingress", [])
        for source in rule["from"]
        if "http" in {port["port"] for port in rule["ports"]}
    }
    for route in manifests.of_kind("HTTPRoute"):
        assert {parent["namespace"] for parent in route["spec"]["parentRefs"]} <= admitted
    for ingress in manifests.of_kind("Ingress"):
        (controller,) = {name.partition(".")[0] for name in ingress["metadata"]["annotations"]}
        assert any(name.endswith(controller) for name in admitted), admitted
    assert manifests.of_kind("HTTPRoute", "Ingress")


def policies_for(manifests: Manifests, labels: Object, direction: str) -> list[Object]:
    specs = [each["spec"] for each in manifests.of_kind("NetworkPolicy")]
    return [
        spec
        for spec in specs
        if matches(spec["podSelector"], labels) and direction in spec["policyTypes"]
    ]


def test_each_overlay_limits_what_one_person_and_one_network_may_do(manifests: Manifests) -> None:
    (settings,) = (
        each["data"] for each in manifests.of_kind("ConfigMap") if "ALLOWED_HOSTS" in each["data"]
    )
    assert settings["LIMIT_SOCKETS_PER_ADDRESS"] == "100"
    assert settings["LIMIT_PLACES_PER_MINUTE"] == "600"


def test_no_pod_gets_out_to_a_network_that_nobody_has_named(manifests: Manifests) -> None:
    for each in manifests.of_kind("NetworkPolicy"):
        for rule in each["spec"].get("egress", []):
            for peer in rule["to"]:
                if "ipBlock" in peer:
                    assert ip_network(peer["ipBlock"]["cidr"]).num_addresses == 1, each


def routed(manifests: Manifests, path: str) -> bool:
    """Return whether a route or an Ingress leads people from a path to the pods."""
    return any(
        path == value if kind == "Exact" else path.startswith(value)
        for kind, value in routes(manifests)
    )


def routes(manifests: Manifests) -> Iterator[tuple[str, str]]:
    for route in manifests.of_kind("HTTPRoute"):
        for rule in route["spec"]["rules"]:
            for match in rule.get("matches", [{"path": {"type": "PathPrefix", "value": "/"}}]):
                yield match["path"]["type"], match["path"]["value"]
    for ingress in manifests.of_kind("Ingress"):
        for rule in ingress["spec"]["rules"]:
            for each in rule["http"]["paths"]:
                yield each["pathType"], each["path"]


INSIDE = {"admin/", "healthz", "readyz"}  # for moderators by a way of their own, and for probes


def paths_of_the_site() -> set[str]:
    """Return an example of each path, up to its first variable part."""
    patterns: list[Any] = urlpatterns
    included = [each for each in patterns if str(each.pattern) == ""]
    others = [each for each in patterns if str(each.pattern) != ""]
    leaves = [leaf for each in included for leaf in each.url_patterns]
    return {str(each.pattern).partition("<")[0] for each in [*others, *leaves]}


def test_people_are_led_to_all_pages_but_the_admin_and_the_probes(manifests: Manifests) -> None:
    for path in paths_of_the_site() | {"static/canvas/main.js", "ws/"}:
        assert routed(manifests, f"/{path}") is (path not in INSIDE), path
    assert not routed(manifests, "/admin/login/")
    assert not routed(manifests, "/metrics")


@pytest.mark.tools
def test_moderators_have_a_way_of_their_own(tmp_path: Path) -> None:
    shutil.copytree(DEPLOY / "k8s", tmp_path / "k8s")
    overlay = tmp_path / "k8s/overlays/mine"
    overlay.mkdir()
    (overlay / "kustomization.yaml").write_text(
        "resources: [../production]\ncomponents: [../../components/admin]\n"
    )
    manifests = Manifests(overlay)
    (settings,) = (
        each["data"] for each in manifests.of_kind("ConfigMap") if "ALLOWED_HOSTS" in each["data"]
    )
    routes = {each["metadata"]["name"]: each["spec"] for each in manifests.of_kind("HTTPRoute")}
    assert routes["admin"]["hostnames"] == [settings["ADMIN_HOSTS"]]
    assert routes["admin"]["parentRefs"] != routes["pixelsite"]["parentRefs"]
    assert routed(manifests, "/admin/login/")
