"""Password hashing that cannot take the pod: one at a time, and after everything else."""

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import get_native_id

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from accounts import metrics
from accounts.errors import TooManyHashes
from runtime.slots import Slot

WAITING = 8  # requests; each hash takes about 0.4 s
PATIENCE = 5.0  # seconds that one waits for its turn
NICENESS = 10  # of the thread: where the CPU is short, pixels go first

hashing = Slot(metrics.hashes_refused, TooManyHashes, WAITING, PATIENCE)


def _yield_to_others() -> None:
    with suppress(OSError):  # only on Linux a thread has a priority of its own
        os.setpriority(os.PRIO_PROCESS, get_native_id(), NICENESS)


_thread = ThreadPoolExecutor(1, thread_name_prefix="hashing", initializer=_yield_to_others)


class QueuedPasswordHasher(PBKDF2PasswordHasher):
    """Django's own hasher in a thread of low priority; the hashes are the same."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        """Hash when the turn comes, without a connection to the database meanwhile.

        Django verifies by it, too. Raise TooManyHashes.
        """
        with hashing.turn():
            return _thread.submit(super().encode, password, salt, iterations).result()
