"""Names and payloads in Redis, on which other programs may rely."""

import asyncio
import json
from typing import Any

import httpx
import pytest
import redis as redis_client

from tests.pods.conftest import StartPods
from tests.pods.drawing import watching
from tests.support.processes import ServerProcess
from tests.support.redis import RedisServer

pytestmark = pytest.mark.pods

PLACEMENT = {"x": 25, "y": 10, "color": "#FF0000", "username": "Alice"}


def place(pod: ServerProcess, **pixel: Any) -> dict[str, Any]:
    answer = httpx.put(f"{pod.base_url}/api/pixel", json={**PLACEMENT, **pixel})
    assert answer.status_code == 200, answer.text
    placed: dict[str, Any] = answer.json()
    return placed


def test_a_placement_is_published_once_as_plain_json(
    start_pods: StartPods, redis: RedisServer
) -> None:
    pods = start_pods(2, redis.url)
    with redis_client.Redis.from_url(redis.url) as client, client.pubsub() as pubsub:
        pubsub.subscribe("pixel-updates")
        placed = [place(pods[0], x=1), place(pods[1], x=2)]
        messages = []
        while message := pubsub.get_message(timeout=1):
            if message["type"] == "message":
                messages.append(json.loads(message["data"]))
    assert [message["after"] for message in messages] == [None, placed[0]["timestamp"]]
    ours = {"index", "after", "epoch", "revision", "site", "sig"}
    assert all(message.keys() >= ours for message in messages)
    assert [{name: message[name] for name in message.keys() - ours} for message in messages] == [
        {
            "type": "pixel_updated",
            "canvas": "main",
            "seq": number,
            "x": number,
            "y": 10,
            "color": "#FF0000",
            "username": "Alice",
            "timestamp": answer["timestamp"],
        }
        for number, answer in enumerate(placed, start=1)
    ]


def test_redis_holds_two_channels_and_three_keys_a_pod(
    start_pods: StartPods, redis: RedisServer
) -> None:
    pods = start_pods(2, redis.url)

    async def scenario() -> None:
        async with watching(pods, each=3) as watchers:
            names = {watcher.newest("hello")["username"] for watcher in watchers}
            await asyncio.sleep(1)
            with redis_client.Redis.from_url(redis.url) as client:
                assert set(client.pubsub_channels()) == {b"pixel-updates", b"user-events"}
                assert client.pubsub_numpat() == 0
                subscribed = client.pubsub_numsub("pixel-updates", "user-events")
                assert [count for _, count in subscribed] == [2, 2]
                assert set(client.keys()) == {
                    f"pod:pod-{n}:{what}".encode()
                    for n in (1, 2)
                    for what in ("users", "figures", "audience")
                }
                lease = json.loads(client.get("pod:pod-1:users") or b"")
                assert set(lease) == {"count", "usernames", "timestamp", "ids", "site", "sig"}
                assert (lease["count"], set(lease["usernames"])) == (3, names)
                assert (len(lease["ids"]), len(set(lease["ids"]))) == (3, 1), "one without a cookie"
                assert lease["site"] == "localhost"
                assert 0 < client.ttl("pod:pod-1:users") <= 60
                assert 0 < client.ttl("pod:pod-1:figures") <= 60
                assert 0 < client.ttl("pod:pod-1:audience") <= 60
                # each pod: one connection for commands, one subscribed
                assert client.info("clients")["connected_clients"] - 1 == 2 * len(pods)

    asyncio.run(scenario())


def test_commands_grow_with_pods_and_messages_not_with_sockets(
    start_pods: StartPods, redis: RedisServer
) -> None:
    pods = start_pods(2, redis.url)

    async def commands_for(sockets: int) -> dict[str, int]:
        async with watching(pods, each=sockets) as watchers:
            await asyncio.sleep(1.5)
            with redis_client.Redis.from_url(redis.url) as client:
                client.config_resetstat()
                drawn = [
                    await asyncio.to_thread(place, pods[n % 2], x=n, y=sockets) for n in range(20)
                ]
                for watcher in watchers:
                    await watcher.reach(drawn[-1]["seq"])
                stats: dict[str, Any] = client.info("commandstats")
        names = {name.removeprefix("cmdstat_"): value["calls"] for name, value in stats.items()}
        return {name: names.get(name, 0) for name in ("publish", "subscribe", "keys")}

    few, many = asyncio.run(commands_for(2)), asyncio.run(commands_for(100))
    assert few["publish"] >= 20
    assert many["publish"] - few["publish"] <= 4  # a heartbeat may be in either
    assert (many["subscribe"], many["keys"]) == (0, 0)
