"""The limit on open files: raised at the start, and kept clear of, so that probes get through."""

import logging
import resource

logger = logging.getLogger(__name__)

RESERVE = 128  # files for probes, refusals that say why, the database, Redis and logs
MOST = 1 << 20  # where the hard limit has no end


def raise_limit() -> int:
    """Raise this process's soft limit to the hard one, and return it."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = MOST if hard == resource.RLIM_INFINITY else hard
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
    return limit


def connections_within(limit: int, wanted: int) -> int:
    """Return how many connections fit into so many files; at most `wanted`, of which it warns."""
    possible = max(1, limit - RESERVE)
    if possible < wanted:
        logger.warning("%d open files are allowed: this pod takes %d connections", limit, possible)
    return min(possible, wanted)
