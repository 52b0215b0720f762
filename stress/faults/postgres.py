"""PostgreSQL restarts, crashes, hangs, is cut off, read-only or out of connections."""

import asyncio
import os
import signal
from contextlib import suppress

import psycopg

from bench.usage import process_tree
from stress.faults.fault import SILENT_BOUND, Family, Fault
from stress.site import Site
from tests.support.postgres import PostgresServer

AT_ONCE = 10  # connections
TRIES = 50  # after which pods have no connection any more


async def restart(site: Site) -> None:
    site.postgres.ask_to_stop()  # SIGINT: fast
    await asyncio.to_thread(site.postgres.wait_stopped)


async def crash(site: Site) -> None:
    _signal(site.postgres, signal.SIGQUIT)  # what `pg_ctl stop -m immediate` sends
    await asyncio.to_thread(site.postgres.wait_stopped)


async def start(site: Site) -> None:
    site.postgres.launch()
    await asyncio.to_thread(site.postgres.wait_ready)


async def hang(site: Site) -> None:
    """Stop the server first, so that no process of it escapes."""
    _signal(site.postgres, signal.SIGSTOP)
    for pid in process_tree(_pid(site.postgres))[1:]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)


async def go_on(site: Site) -> None:
    for pid in process_tree(_pid(site.postgres)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


async def cut(site: Site) -> None:
    site.database_line.cut()


async def fall_silent(site: Site) -> None:
    site.database_line.fall_silent()


async def mend(site: Site) -> None:
    site.database_line.mend()


async def forbid_writing(site: Site) -> None:
    await _configure(site, "SET default_transaction_read_only = on")


async def allow_writing(site: Site) -> None:
    await _configure(site, "RESET default_transaction_read_only")


async def _configure(site: Site, change: str) -> None:
    await asyncio.to_thread(site.execute, f"ALTER SYSTEM {change}", "SELECT pg_reload_conf()")


async def take_connections(site: Site) -> None:
    """Take all connections there are, and those of the pods as soon as they end.

    Raise RuntimeError where pods have some after TRIES.
    """
    url = site.postgres.url("postgres")
    first = await psycopg.AsyncConnection.connect(url, autocommit=True)
    site.held.append(first)
    for _ in range(TRIES):
        while await _take_some(site, url):
            pass
        ended = await first.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'pixelsite%'"
        )
        if not ended.rowcount:
            return
    await give_connections_back(site)
    raise RuntimeError(f"the pods have connections after {TRIES} tries to take them")


async def _take_some(site: Site, url: str) -> bool:
    """Take AT_ONCE connections; return False where there are not so many."""
    taking = [psycopg.AsyncConnection.connect(url, autocommit=True) for _ in range(AT_ONCE)]
    found = await asyncio.gather(*taking, return_exceptions=True)
    taken = [each for each in found if isinstance(each, psycopg.AsyncConnection)]
    site.held.extend(taken)
    return len(taken) == AT_ONCE


async def give_connections_back(site: Site) -> None:
    while site.held:
        await site.held.pop().close()


def _pid(server: PostgresServer) -> int:
    assert server.pid is not None
    return server.pid


def _signal(server: PostgresServer, number: signal.Signals) -> None:
    os.kill(_pid(server), number)


FAMILY = Family(
    "postgres",
    (
        Fault(
            "PostgreSQL restarts",
            "stop -m fast, 1 s",
            "start",
            restart,
            start,
            holds=1.0,
            database_is_up=False,
        ),
        Fault(
            "PostgreSQL crashes",
            "stop -m immediate, 1 s",
            "start",
            crash,
            start,
            holds=1.0,
            database_is_up=False,
        ),
        Fault(
            "PostgreSQL hangs",
            "SIGSTOP of all its processes for 8 s",
            "SIGCONT",
            hang,
            go_on,
            holds=8.0,
            database_is_up=False,
        ),
        Fault(
            "PostgreSQL is cut off",
            "connections end for 4 s",
            "the line",
            cut,
            mend,
            database_is_up=False,
        ),
        Fault(
            "PostgreSQL is cut off in silence",
            "the line swallows for 8 s",
            "the line, for new connections",
            fall_silent,
            mend,
            SILENT_BOUND,
            8.0,
            database_is_up=False,
        ),
        Fault(
            "PostgreSQL is read-only",
            "default_transaction_read_only for 4 s",
            "reset",
            forbid_writing,
            allow_writing,
            database_is_up=False,
        ),
        Fault(
            "PostgreSQL has no connections",
            "others take all of them for 4 s",
            "they go",
            take_connections,
            give_connections_back,
            database_is_up=False,
        ),
    ),
)
