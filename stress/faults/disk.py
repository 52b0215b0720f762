"""The disk of PostgreSQL is full."""

import asyncio
import os
import subprocess
from contextlib import suppress
from pathlib import Path

from stress.faults.fault import Family, Fault
from stress.faults.postgres import start
from stress.site import Parts, Site
from tests.support.postgres import SETTINGS, PostgresServer

DISK = "192m"  # a new database takes some 60 MB
WAL = {"max_wal_size": "32MB", "min_wal_size": "32MB", "wal_recycle": "off"}
BLOCK = 1 << 16  # bytes


class SmallDisk(PostgresServer):
    """A server whose data lie on a file system of their own, in memory."""

    def __init__(self) -> None:
        super().__init__(SETTINGS | WAL)
        self._disk = self.directory / "disk"
        self._disk.mkdir()
        former, self._data = self._data, self._disk / "data"
        self.command = [each.replace(f"-D{former}", f"-D{self._data}") for each in self.command]

    @property
    def ballast(self) -> Path:
        return self._disk / "ballast"

    def close(self) -> None:
        self.stop()
        if self._disk.is_mount():
            subprocess.run(["umount", "--lazy", self._disk], check=True)
        super().close()

    def _initialise(self) -> None:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "none", str(self._disk)]
        subprocess.run(mount, check=True)
        owner = self.directory.stat()
        os.chown(self._disk, owner.st_uid, owner.st_gid)
        super()._initialise()


async def fill(site: Site) -> None:
    await asyncio.to_thread(_fill, _disk(site).ballast)


def _fill(ballast: Path) -> None:
    """Leave no room, not even what the log of the database frees meanwhile."""
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(BLOCK)) == BLOCK:
            pass


async def empty(site: Site) -> None:
    _disk(site).ballast.unlink()
    if not site.postgres.running:  # without room for its log it gives up
        await start(site)


def _disk(site: Site) -> SmallDisk:
    assert isinstance(site.postgres, SmallDisk)
    return site.postgres


def lacks() -> str:
    """Return what is missing: only root may mount, and not everywhere."""
    if os.geteuid() != 0:
        return "root, to mount a small disk"
    tried = subprocess.run(
        ["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True
    )
    return "the right to mount" if tried.returncode else ""


FAMILY = Family(
    "disk",
    (
        Fault(
            "the disk is full",
            "a file takes all there is, for 8 s",
            "the file goes, PostgreSQL starts if it has ended",
            fill,
            empty,
            holds=8.0,
            database_is_up=False,
        ),
    ),
    Parts(postgres=SmallDisk),
    lacks,
)
