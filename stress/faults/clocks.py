"""The clock of one pod jumps."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from stress.faults.fault import Act, Family, Fault
from stress.site import Parts, Site
from tests.support.processes import ServerProcess

LIBRARIES = Path("/usr/lib")
NAME = "*/faketime/libfaketimeMT.so.1"


def library() -> Path | None:
    """Return libfaketime, of which each program may have another time."""
    return next(iter(LIBRARIES.glob(NAME)), None)


def with_own_time(pod: ServerProcess) -> Mapping[str, str]:
    """Return the settings of a pod whose clock goes by a file; its monotonic clock is true."""
    file = _file(pod)
    file.write_text("+0")
    return {
        "LD_PRELOAD": str(library()),
        "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }


def _file(pod: ServerProcess) -> Path:
    return pod.directory / "time"


async def _jump(by: str, site: Site) -> None:
    _file(site.some_pod()).write_text(by)


def jump(by: str) -> Act:
    return partial(_jump, by)


def lacks() -> str:
    return "" if library() else "libfaketime (the Debian package faketime)"


RIGHT = "the clock is set right"
FAMILY = Family(
    "clocks",
    (
        Fault("a clock jumps ahead", "+1 h on one pod for 4 s", RIGHT, jump("+3600"), jump("+0")),
        Fault("a clock jumps back", "-1 h on one pod for 4 s", RIGHT, jump("-3600"), jump("+0")),
    ),
    Parts(first_pod=with_own_time),
    lacks,
)
