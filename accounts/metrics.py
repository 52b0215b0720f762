"""Metrics of log-ins; `docs/metrics.md` says what each means."""

from prometheus_client import Counter

attempts_refused = Counter(
    "pixelsite_attempts_refused", "Tries of a secret that were not looked at, by reason", ["reason"]
)
hashes_refused = Counter("pixelsite_hashes_refused", "Passwords that waited too long to be hashed")
mails = Counter("pixelsite_mails", "Requests for mails, by outcome", ["outcome"])
