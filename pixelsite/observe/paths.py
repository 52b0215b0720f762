"""Paths that are not for people."""

HEALTH, READINESS = "/healthz", "/readyz"
PROBES = frozenset({HEALTH, READINESS})
