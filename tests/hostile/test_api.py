"""Requests made from the OpenAPI document, in due form and not: answers are as it says."""

import asyncio
from collections import Counter
from contextlib import suppress
from random import Random
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as with_seed
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import sampled_from
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import FailureGroup

from tests.hostile.frames import order_in
from tests.hostile.seeds import LONG, seeded, seeds, size
from tests.hostile.site import Site
from tests.hostile.witness import Witness, witnessed
from tests.support.processes import manage

EXAMPLES = size(short=4, long=100)  # of each operation, in due form or not
CHECKED = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
]
PLACE = {"type": "pixel_update"}
TOKEN = """
from django.contrib.auth.models import User
from accounts.tokens import issue
user = User.objects.create_user('member-{seed}')
print('SECRET', issue(user, 'fuzz', {scopes}).secret)
"""

load_all_checks()
checks: Any = CHECKS.get_by_names(CHECKED)


def member(site: Site, seed: int) -> dict[str, str]:
    """Make an account with a token for all, and return the header that it sends."""
    made = manage(
        "shell",
        "-c",
        TOKEN.format(seed=seed, scopes=["place", "read"]),
        environment={"DATABASE_URL": site.database_url},
    )
    secret = made.partition("SECRET ")[2].split()[0]
    return {"Authorization": f"Bearer {secret}"}


def document_of(site: Site) -> dict[str, Any]:
    url = f"{site.pod.base_url}/api/schema/?format=json"
    document: dict[str, Any] = requests.get(url, timeout=30).json()
    return document


class Attack:
    """Calls of each operation of the document, by a guest and a member in turn.

    In the short form the seed chooses for each whether they are in due form: to prepare them takes
    longer than to make them. `answers` counts those to each operation.
    """

    def __init__(self, witness: Witness, document: dict[str, Any], member: dict[str, str]) -> None:
        self._witness = witness
        schema: Any = schemathesis.openapi.from_dict(document)
        self._operations = [found.ok() for found in schema.get_all_operations()]
        self._sessions = [requests.Session(), requests.Session()]
        self._sessions[1].headers.update(member)
        self.faults: list[str] = []
        self.answers = Counter({found.label: 0 for found in self._operations})

    def run(self, seed: int, examples: int) -> None:
        random = Random(seed)
        for operation in self._operations:
            modes = list(GenerationMode)
            for mode in modes if LONG else random.sample(modes, len(modes)):
                if LONG or not self.answers[operation.label]:  # else the other form was impossible
                    self._try(operation.as_strategy(mode), seed, examples)

    def _try(self, cases: Any, seed: int, examples: int) -> None:
        @with_seed(seed)
        @settings(
            max_examples=examples,
            phases=[Phase.generate],
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(cases, sampled_from(self._sessions))
        def run(case: Case[Any], session: requests.Session) -> None:
            self._call(session, case)

        with suppress(Unsatisfiable):  # without a parameter nothing can be undue
            run()

    def _call(self, session: requests.Session, case: Case[Any]) -> None:
        if isinstance(case.body, dict) and (cell := order_in({**case.body, **PLACE})):
            self._witness.allow(cell)
        response = case.call(base_url=self._witness.site.pod.base_url, session=session, timeout=30)
        self.answers[case.operation.label] += 1
        try:
            case.validate_response(response, checks=checks)
        except FailureGroup as found:
            self.faults.append(f"{case.operation.label}: {found}")


@pytest.mark.timeout(600)  # the calls are prepared for each operation anew, which is most of it
@pytest.mark.filterwarnings("default")
async def test_answers_are_those_of_the_document(site: Site) -> None:
    document = await asyncio.to_thread(document_of, site)
    for seed, divisor in seeds("api"):
        with seeded("api", seed):
            token = await asyncio.to_thread(member, site, seed)
            async with witnessed(site) as witness:
                attack = Attack(witness, document, token)
                await asyncio.to_thread(attack.run, seed, max(1, EXAMPLES // divisor))
            assert not attack.faults, "\n\n".join(sorted(set(attack.faults)))
            assert attack.answers, "the document has no operation"
            never = [label for label, answers in attack.answers.items() if not answers]
            assert not never, f"never called: {', '.join(never)}"
