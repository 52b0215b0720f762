"""Log lines about requests that Django takes for an attack, and refuses."""

import logging

LOGGER = "django.security."
# Kinds whose text names the origin or host that did not fit: who mends a proxy needs it.
KEPT = {"csrf", "DisallowedHost"}
LONGEST = 200  # characters of such a text


class SuspicionFilter(logging.Filter):
    """A filter that makes one line of a warning of each, without a traceback.

    For Django they are errors, so that any client could fill the log with tracebacks and hide the
    faults that are ours.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith(LOGGER):
            record.levelno, record.levelname = logging.WARNING, "WARNING"
            kind, text = record.name.removeprefix(LOGGER), record.getMessage()
            record.msg = f"{kind}: {text[:LONGEST]}" if kind in KEPT else kind
            record.args = ()
            record.exc_info = record.exc_text = None
        return True
