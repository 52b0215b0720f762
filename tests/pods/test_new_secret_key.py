"""SECRET_KEY is changed as the runbook says, and nobody has to log in again."""

import asyncio
import secrets

import httpx
import pytest

from accounts.people import GUEST_COOKIE
from tests.pods.conftest import StartPods
from tests.pods.drawing import draw
from tests.pods.test_expelled import Browser, closed
from tests.support.processes import ServerProcess, free_port, manage
from tests.support.redis import RedisServer
from tests.support.sockets import Watcher

pytestmark = pytest.mark.pods

FORMER, NEXT = (secrets.token_urlsafe(50) for _ in range(2))
PHASES = [(FORMER, ""), (FORMER, NEXT), (NEXT, FORMER)]  # SECRET_KEY and its fallbacks
TOKEN = """
from django.contrib.auth.models import User
from accounts.tokens import issue
print(issue(User.objects.get(username="alice"), "bot", ["read", "place"]).secret)
"""
LINK = """
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
user = User.objects.get(username="alice")
print(urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user))
"""


def settings(phase: int, ports: list[str]) -> dict[str, str]:
    key, others = PHASES[phase]
    return {
        "SECRET_KEY": key,
        "SECRET_KEY_FALLBACKS": others,
        "POD_ID": f"pod-{phase}",
        "METRICS_PORT": ports[phase],
    }


def test_sessions_guests_tokens_resets_and_messages_outlive_a_change(
    start_pods: StartPods, redis: RedisServer, database_url: str
) -> None:
    """One pod of each phase, as while the change is rolled out."""
    ports = [str(free_port()) for _ in PHASES]
    pods = [
        *start_pods(1, redis.url, **settings(0, ports)),
        *start_pods(1, redis.url, **settings(1, ports)),
        *start_pods(1, redis.url, **settings(2, ports)),
    ]
    environment = {"DATABASE_URL": database_url, "SECRET_KEY": FORMER}

    def told(code: str) -> str:
        return manage("shell", "-v", "0", "-c", code, environment=environment).strip()

    async def scenario() -> None:
        browser = Browser(pods[0])
        await browser.sign_up("alice")
        token, (uid, reset) = told(TOKEN), told(LINK).split()
        async with httpx.AsyncClient() as client:
            guest = (await client.get(pods[0].base_url)).cookies[GUEST_COOKIE]
            for pod in pods[1:]:
                headers = {"authorization": f"Bearer {token}"}
                seen = await client.get(f"{pod.base_url}/api/pixel?x=1&y=1", headers=headers)
                assert seen.status_code == 200
                link = f"{pod.base_url}/accounts/reset/{uid}/{reset}/"
                assert (await client.get(link)).status_code == 302, "to the form, not refused"
        await people_are_known(pods[1:], browser, guest)
        await pages_are_ones_own(pods, browser)
        await a_login_of_the_next_key_is_known(pods[1:])
        await messages_are_believed(pods[1:], ports[1:])
        own = [await Watcher(pod.ws_url(), cookie=browser.cookie).connect() for pod in pods[1:]]
        await browser.log_out()  # on the pod that knows the former key alone
        await closed(own, 4401)

    asyncio.run(scenario())


async def people_are_known(pods: list[ServerProcess], browser: Browser, guest: str) -> None:
    names = set()
    for pod in pods:
        alice = await Watcher(pod.ws_url(), cookie=browser.cookie).connect()
        assert alice.newest("hello")["username"] == "alice"
        stranger = await Watcher(pod.ws_url(), cookie=f"{GUEST_COOKIE}={guest}").connect()
        names.add(stranger.newest("hello")["username"])
        await alice.close()
        await stranger.close()
    assert len(names) == 1, "one guest"


async def pages_are_ones_own(pods: list[ServerProcess], browser: Browser) -> None:
    """Ask for pages of one's own on pods of both keys, at once, as a page's requests are.

    A session that one of them began anew for its own key would be gone for the others.
    """
    headers = {"cookie": browser.cookie}
    async with httpx.AsyncClient(headers=headers) as client:
        asked = [client.get(f"{pod.base_url}/accounts/") for pod in pods * 4]
        answers = await asyncio.gather(*asked)
    assert [answer.status_code for answer in answers] == [200] * len(answers), "no log-in"
    assert not any("sessionid" in answer.cookies for answer in answers)


async def a_login_of_the_next_key_is_known(pods: list[ServerProcess]) -> None:
    """Log in on the pod that signs by the next key, while others still sign by the former."""
    bobby = Browser(pods[1])
    await bobby.sign_up("bobby")
    await pages_are_ones_own(pods, bobby)
    own = [await Watcher(pod.ws_url(), cookie=bobby.cookie).connect() for pod in pods]
    assert [watcher.newest("hello")["username"] for watcher in own] == ["bobby"] * len(pods)
    await bobby.log_out()
    await closed(own, 4401)


async def messages_are_believed(pods: list[ServerProcess], ports: list[str]) -> None:
    watchers = [await Watcher(pod.ws_url()).connect() for pod in pods]
    for seq, watcher in enumerate(watchers, 1):
        draw(watcher, f"pixel-{seq}")
        for other in watchers:
            await other.reach(seq)
    async with httpx.AsyncClient() as client:
        for port in ports:
            metrics = (await client.get(f"http://127.0.0.1:{port}/metrics")).text
            assert 'pixelsite_hints_total{reason="unsigned"}' not in metrics
    for watcher in watchers:
        await watcher.close()
