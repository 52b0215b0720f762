"""Rate limits at the edges: places, sockets, sign-ups and log-ins."""

from itertools import count

import httpx
import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from pytest_django.fixtures import Settings

from accounts.bans import ban
from accounts.people import GUEST_COOKIE, new_guest_cookie
from canvas.models import Canvas
from tests.canvas.helpers import HEIGHT, RED, WIDTH, configured, in_thread
from tests.edges.conftest import Connect

numbers = count()


def fresh() -> dict[str, int | str]:
    """Return a pixel on a cell of its own: drawing one colour twice is refused for that."""
    y, x = divmod(next(numbers) % (WIDTH * HEIGHT), WIDTH)
    return {"x": x, "y": y, "color": RED}


def another_guest() -> dict[str, str]:
    return {"cookie": f"{GUEST_COOKIE}={new_guest_cookie()}"}


async def test_places_per_minute(http: httpx.AsyncClient, settings: Settings) -> None:
    settings.LIMIT_PLACES_PER_MINUTE = 2
    answers = [await http.put("/api/pixel", json=fresh()) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["code"] == "limit_reached"
    assert 0 < int(answers[2].headers["retry-after"]) <= 60


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "x-real-ip", "client-ip"])
async def test_a_forged_header_gains_nothing(
    header: str, http: httpx.AsyncClient, main: Canvas
) -> None:
    await in_thread(configured)(main, own_cooldown_ms=60_000)
    statuses = [
        (await http.put("/api/pixel", json=fresh(), headers={header: f"203.0.113.{n}"})).status_code
        for n in range(3)
    ]
    assert statuses == [200, 429, 429]


async def test_behind_a_proxy_only_its_own_entry_counts(
    http: httpx.AsyncClient, main: Canvas, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = 1
    await in_thread(configured)(main, own_cooldown_ms=60_000)

    async def place(forwarded: str) -> int:
        answer = await http.put("/api/pixel", json=fresh(), headers={"x-forwarded-for": forwarded})
        return answer.status_code

    assert await place("198.51.100.1") == 200
    assert await place("203.0.113.1, 198.51.100.1") == 429
    assert await place("203.0.113.2, 203.0.113.3, 198.51.100.1") == 429
    assert await place("198.51.100.2") == 200


@pytest.mark.parametrize(
    ("header", "form"),
    [
        ("x-forwarded-for", "{}:51008"),
        ("x-forwarded-for", "[{}]:443"),
        ("forwarded", 'for="[{}]:1"'),
    ],
)
async def test_http_and_websocket_read_the_same_address(
    header: str, form: str, http: httpx.AsyncClient, connect: Connect, settings: Settings
) -> None:
    """A ban of a network holds for both, whichever way the proxy writes the address."""
    settings.TRUSTED_PROXIES = 1
    settings.PROXY_HEADER = {"forwarded": "Forwarded"}.get(header, "X-Forwarded-For")
    address = "203.0.113.7" if form.startswith("{") else "2001:db8::7"
    await in_thread(ban)(network=address, reason="bots")
    lines = [(header, "203.0.113.99"), (header, form.format(address))]  # HAProxy adds a line
    answer = await http.put("/api/pixel", json=fresh(), headers=lines)
    assert (answer.status_code, answer.json()["code"]) == (403, "banned")
    socket = await connect(headers=[(n.encode(), v.encode()) for n, v in lines])
    assert await socket.close_code() == 4403


@pytest.mark.slow
async def test_networks_of_one_customer_count_together(
    http: httpx.AsyncClient, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES, settings.LIMIT_PLACES_PER_MINUTE = 1, 1

    async def place(number: int) -> int:
        by = {"x-forwarded-for": f"2001:db8:0:{number:x}::1", **another_guest()}
        return (await http.put("/api/pixel", json=fresh(), headers=by)).status_code

    inside = [await place(number) for number in range(60)]
    assert inside == [200] * 40 + [429] * 20, "four times the bound of a /64"
    others = [await place(256 * number) for number in range(1, 140)]
    assert others.count(200) == 160 - 40, "and sixteen times for all of the /48"


async def test_a_guest_who_drops_the_cookie_gets_no_further(
    http: httpx.AsyncClient, main: Canvas
) -> None:
    await in_thread(configured)(main, own_cooldown_ms=60_000)
    statuses = [
        (await http.put("/api/pixel", json=fresh(), headers=another_guest())).status_code
        for _ in range(15)
    ]
    assert statuses == [200] * 10 + [429] * 5


async def test_sockets_of_one_address(
    connect: Connect, http: httpx.AsyncClient, settings: Settings
) -> None:
    settings.LIMIT_SOCKETS_PER_ADDRESS = 2
    settings.TRUSTED_PROXIES = 1
    first, second, other = [
        await connect(forwarded_for=address) for address in ("192.0.2.7", "192.0.2.7", "192.0.2.8")
    ]
    for socket in (first, second, other):
        await socket.next("hello")
    third = await connect(forwarded_for="192.0.2.7")
    assert (await third.next("error"))["code"] == "limit_reached"
    assert await third.close_code() == 4429
    await first.leave()
    again = await connect(forwarded_for="192.0.2.7")
    await again.next("hello")


SIGN_UP = {"password1": "correct horse battery", "password2": "correct horse battery"}


@pytest.mark.django_db
@pytest.mark.usefixtures("static_files")
def test_sign_ups_per_hour(settings: Settings) -> None:
    settings.LIMIT_SIGNUPS_PER_HOUR = 2
    answers = [
        Browser().post("/accounts/signup/", SIGN_UP | {"username": name})
        for name in ("alice", "bobby", "carol")
    ]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert "Try again in 60 min" in answers[2].content.decode()
    assert User.objects.count() == 2
    form = SIGN_UP | {"username": "carol"}
    assert Browser(REMOTE_ADDR="192.0.2.9").post("/accounts/signup/", form).status_code == 302


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.usefixtures("static_files")
def test_passwords_cannot_be_guessed_for_ever() -> None:
    User.objects.create_user("alice", password="correct horse battery")
    for _ in range(20):
        Browser().post("/accounts/login/", {"username": "alice", "password": "wrong"})
    right = {"username": "alice", "password": "correct horse battery"}
    assert Browser().post("/accounts/login/", right).status_code == 429
    assert Browser(REMOTE_ADDR="192.0.2.9").post("/accounts/login/", right).status_code == 302
