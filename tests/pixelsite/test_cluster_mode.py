"""A Redis in cluster mode is refused at the start, with what to use instead."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from pixelsite.redis.cluster_mode import refuse_cluster_mode
from pixelsite.redis.connection import SharedConnection
from tests.support.processes import ServerProcess
from tests.support.redis import RedisServer
from tests.support.redis_connection import connect_to


@pytest.mark.redis
async def test_cluster_mode_is_refused() -> None:
    with RedisServer(config=["cluster-enabled yes"]) as server:
        connection = connect_to(server.url)
        with pytest.raises(ImproperlyConfigured, match="Use one primary with replicas"):
            await refuse_cluster_mode(connection)
        await connection.close()


async def test_any_other_redis_is_fine(connection: SharedConnection) -> None:
    await refuse_cluster_mode(connection)


@pytest.mark.redis
async def test_a_redis_that_does_not_answer_is_no_reason_to_refuse() -> None:
    with RedisServer() as server:
        connection = connect_to(server.url)
        server.kill()
        await refuse_cluster_mode(connection)
        await connection.close()


@pytest.mark.redis
@pytest.mark.pods
def test_a_pod_does_not_start_against_it(migrated_template: str) -> None:
    with RedisServer(config=["cluster-enabled yes"]) as server:
        environment = {"DATABASE_URL": migrated_template, "REDIS_URL": server.url}
        pod = ServerProcess("serve", environment)
        try:
            pod.launch()
            assert pod.wait_stopped(60) not in (0, None)
            assert "Use one primary with replicas" in pod.output()
        finally:
            pod.close()
