"""A pod dies, leaves, or stops in the middle of its work."""

import asyncio

from stress.faults.fault import Family, Fault
from stress.site import SETTINGS, Site


async def kill(site: Site) -> None:
    site.absent.add(site.some_pod())
    await asyncio.to_thread(site.some_pod().kill)


async def terminate(site: Site) -> None:
    site.absent.add(site.some_pod())
    site.some_pod().ask_to_stop()
    await asyncio.to_thread(site.some_pod().wait_stopped)


async def pause(site: Site) -> None:
    site.absent.add(site.some_pod())
    site.some_pod().pause()


async def resume(site: Site) -> None:
    site.some_pod().resume()
    site.absent.clear()


async def restart(site: Site) -> None:
    await asyncio.to_thread(site.some_pod().wait_stopped)
    await site.restart_pods()


OTHERS = "nothing: its people go to the other pods"
DRAIN = float(SETTINGS["DRAIN_SECONDS"])

FAMILY = Family(
    "pods",
    (
        Fault("a pod is killed", "kill -9", OTHERS, kill, restore=restart),
        Fault(
            "a pod is stopped",
            f"SIGTERM, {DRAIN:g} s of draining until it ends",
            OTHERS,
            terminate,
            restore=restart,
        ),
        Fault("a pod hangs", "SIGSTOP for 4 s", "SIGCONT", pause, resume),
    ),
)
