"""The deployment says how many connections to PostgreSQL its pods may open."""

import re

import yaml

from pixelsite.conf.database import POD_CONNECTIONS, REQUEST_CONNECTIONS
from tests.deploy.conftest import DEPLOY
from tests.support.processes import ROOT

EACH = POD_CONNECTIONS + REQUEST_CONNECTIONS


def most_pods() -> int:
    base = DEPLOY / "k8s/base"
    scaling = list(yaml.safe_load_all((base / "scaling.yaml").read_text()))
    gateway = list(yaml.safe_load_all((base / "gateway.yaml").read_text()))
    limits = [each["spec"]["maxReplicas"] for each in scaling if "maxReplicas" in each["spec"]]
    surges = [
        each["spec"]["strategy"]["rollingUpdate"]["maxSurge"]
        for each in gateway
        if each["kind"] == "Deployment"
    ]
    return int(limits[0] + surges[0])


def test_the_document_reckons_with_the_manifests() -> None:
    text = (ROOT / "docs/deploy.md").read_text()
    assert f"{most_pods()} x {EACH} = {most_pods() * EACH}," in text
    (recommended,) = re.findall(r"set `max_connections` to (\d+)", text)
    assert int(recommended) > most_pods() * EACH


def test_pgbouncer_takes_all_pods() -> None:
    text = (DEPLOY / "pgbouncer/pgbouncer.ini").read_text()
    (clients,) = re.findall(r"^max_client_conn = (\d+)", text, re.MULTILINE)
    assert int(clients) > 2 * most_pods() * EACH
