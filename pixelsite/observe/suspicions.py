"""Log lines about requests that Django takes for an attack, each of which is answered 400."""

import logging

LOGGER = "django.security."


class SuspicionFilter(logging.Filter):
    """A filter that makes one line of a warning of each, without a traceback.

    For Django they are errors, so that any client could fill the log with tracebacks and hide the
    faults that are ours.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith(LOGGER):
            record.levelno, record.levelname = logging.WARNING, "WARNING"
            record.msg, record.args = record.name.removeprefix(LOGGER), ()
            record.exc_info = record.exc_text = None
        return True
