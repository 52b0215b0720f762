"""PostgreSQL fails over to a replica that lacks the last second."""

import asyncio
import subprocess

import psycopg

from stress.faults.fault import Family, Fault
from stress.site import Site
from tests.support.postgres import PostgresServer, binary
from tests.support.processes import ProcessError, tied

LOST = 1.0  # seconds
DETECTED = 1.0  # seconds until the primary is taken for dead
CAUGHT_UP = 30.0  # seconds in which a replica has to have what the primary has


class Replica(PostgresServer):
    """A server that begins as a copy of another one, and follows it: `copy` it, then launch."""

    def __init__(self, primary: PostgresServer) -> None:
        super().__init__()
        self._primary = primary

    def copy(self) -> None:
        """Copy the primary, which takes seconds."""
        command = [binary("pg_basebackup"), f"--pgdata={self._data}", "--checkpoint=fast"]
        command += [f"--dbname={self._primary.url('postgres')}", "--write-recovery-conf"]
        result = subprocess.run(
            tied(command, self._user), cwd=self.directory, capture_output=True, text=True
        )
        if result.returncode:
            raise ProcessError(f"pg_basebackup failed:\n{result.stderr}")


async def add_replica(site: Site) -> None:
    replica = Replica(site.postgres)
    site.keep(replica)
    await asyncio.to_thread(replica.copy)
    replica.launch()  # from this thread: the kernel ends it with the one that has started it
    await asyncio.to_thread(replica.wait_ready)
    site.replica = replica
    query = "SELECT count(*) FROM pg_stat_replication WHERE replay_lsn = sent_lsn"
    async with asyncio.timeout(CAUGHT_UP):
        while not await asyncio.to_thread(_one, site.postgres, query):  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def fail_over(site: Site) -> None:
    """Stop the replication; a second later kill the primary and promote the replica.

    Pods reach the replica when it is the primary, and acks of the former one have come.
    """
    primary, replica, site.replica = site.postgres, site.replica, None
    assert replica is not None
    detach = "ALTER SYSTEM SET primary_conninfo = ''", "SELECT pg_reload_conf()"
    await asyncio.to_thread(_execute, replica, *detach)
    await asyncio.sleep(LOST)
    await asyncio.to_thread(primary.kill)
    site.database_line.cut()
    await asyncio.sleep(DETECTED)
    await asyncio.to_thread(_execute, replica, "SELECT pg_promote()")
    site.promote(replica)
    _epoch, site.forfeited_after = await asyncio.to_thread(site.head)
    site.forfeited_before = asyncio.get_running_loop().time()
    site.database_line.mend()


def _one(server: PostgresServer, query: str) -> int:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        found = connection.execute(query.encode()).fetchone()
    return int(found[0]) if found else 0


def _execute(server: PostgresServer, *statements: str) -> None:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


FAMILY = Family(
    "failover",
    (
        Fault(
            "PostgreSQL fails over",
            "kill -9 of the primary; the replica lacks the last second",
            "nothing: the pods find out",
            fail_over,
            prepare=add_replica,
            database_is_up=False,
        ),
    ),
)
