"""Mails that are sent after the answer: how long one takes says whether there is an account."""

import logging
from collections.abc import Callable
from queue import Full, Queue
from threading import Lock, Thread

from django.db import connection

from accounts import metrics
from accounts.errors import TooManyMails

Job = Callable[[], object]

WAITING = 50  # jobs; each takes EMAIL_TIMEOUT at most

logger = logging.getLogger(__name__)


class Mailer:
    """A thread that does one job after the other; those that wait end with the process."""

    def __init__(self, waiting: int = WAITING) -> None:
        self._jobs: Queue[Job] = Queue(waiting)
        self._starting = Lock()
        self._thread: Thread | None = None

    def send_later(self, job: Job) -> None:
        """Do the job soon; raise TooManyMails where too many wait."""
        with self._starting:
            if self._thread is None:
                self._thread = Thread(target=self._run, name="mailer", daemon=True)
                self._thread.start()
        try:
            self._jobs.put_nowait(job)
        except Full:
            metrics.mails.labels("refused").inc()
            raise TooManyMails from None

    def wait(self) -> None:
        """Wait until all jobs are done."""
        self._jobs.join()

    def _run(self) -> None:
        while True:
            job = self._jobs.get()
            try:
                job()
            except Exception:
                metrics.mails.labels("failed").inc()
                logger.exception("a mail could not be sent")
            else:
                metrics.mails.labels("done").inc()
            finally:
                connection.close()
                self._jobs.task_done()


mailer = Mailer()
