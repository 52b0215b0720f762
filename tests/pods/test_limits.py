"""Cooldown and rate limits hold over all pods."""

import asyncio
from itertools import count

import httpx
import pytest

from accounts.people import GUEST_COOKIE, new_guest_cookie
from tests.pods.conftest import StartPods
from tests.pods.drawing import draw
from tests.support.processes import free_port, manage
from tests.support.redis import RedisServer
from tests.support.sockets import Watcher

pytestmark = pytest.mark.pods

SOCKETS, EACH = 10, 12
CHARGES = 3


@pytest.mark.parametrize("with_redis", [True, False])
def test_ten_sockets_of_one_person_on_three_pods_get_the_charges_and_no_more(
    with_redis: bool, start_pods: StartPods, redis: RedisServer, database_url: str
) -> None:
    url = redis.url if with_redis else f"redis://127.0.0.1:{free_port()}/0"
    changes = {"charges": CHARGES}
    rules = f"from canvas.services import configure; configure('main', {changes})"
    manage("shell", "-c", rules, environment={"DATABASE_URL": database_url})
    pods = start_pods(3, url, CANVAS_COOLDOWN_SECONDS="3600")
    cookie = f"{GUEST_COOKIE}={new_guest_cookie()}"

    async def scenario() -> None:
        sockets = [
            await Watcher(pods[number % 3].ws_url(), cookie=cookie).connect()
            for number in range(SOCKETS)
        ]
        for number in range(EACH):
            for index, socket in enumerate(sockets):
                draw(socket, f"{index}-{number}")
        for socket in sockets:
            await socket.until(
                lambda s=socket: len(s.of_type("ack")) + len(s.of_type("error")) == EACH
            )
        acks = [ack for socket in sockets for ack in socket.of_type("ack")]
        assert len(acks) == CHARGES
        codes = {error["code"] for socket in sockets for error in socket.of_type("error")}
        assert codes <= {"cooldown", "limit_reached"}
        await asyncio.gather(*(socket.close() for socket in sockets))

    asyncio.run(scenario())


def test_places_per_minute_hold_over_pods_and_on_each_without_redis(
    start_pods: StartPods, redis: RedisServer
) -> None:
    pods = start_pods(3, redis.url, LIMIT_PLACES_PER_MINUTE="5")
    numbers = count()

    def pixel() -> dict[str, int | str]:
        return {"x": next(numbers), "y": 2, "color": "#FF0000"}

    async def placed() -> int:
        """Place as one new guest, on all pods in turn; return the number of successes."""
        headers = {"cookie": f"{GUEST_COOKIE}={new_guest_cookie()}"}
        async with httpx.AsyncClient(headers=headers) as client:
            answers = [
                await client.put(f"{pods[number % 3].base_url}/api/pixel", json=pixel())
                for number in range(24)
            ]
        assert {answer.status_code for answer in answers} == {200, 429}
        return sum(answer.status_code == 200 for answer in answers)

    async def scenario() -> None:
        assert await placed() == 5
        redis.kill()
        assert await placed() == 15, "each pod goes by its own count, none by nothing"

    asyncio.run(scenario())


def test_the_sockets_of_a_pod_that_crashed_lock_nobody_out(
    start_pods: StartPods, redis: RedisServer
) -> None:
    pods = start_pods(2, redis.url, LIMIT_SOCKETS_PER_ADDRESS="2")

    async def admitted() -> bool:
        """Open a socket on the second pod; return whether it may stay."""
        watcher = Watcher(pods[1].ws_url())
        connecting = asyncio.create_task(watcher.connect())
        await watcher.until(lambda: watcher.closed or watcher.of_type("hello"))
        connecting.cancel()
        await watcher.close()
        return watcher.closed != 4429

    async def scenario() -> None:
        lost = [await Watcher(pods[0].ws_url()).connect() for _ in range(2)]
        assert not await admitted()
        pods[0].kill()
        async with asyncio.timeout(30):  # it takes 5 s; the counts are kept for 60
            while not await admitted():  # noqa: ASYNC110 - Redis tells nobody
                await asyncio.sleep(0.5)
        await asyncio.gather(*(watcher.close() for watcher in lost))

    asyncio.run(scenario())
