"""The metrics of blueprints on a pod; `docs/metrics.md` says what each means."""

from prometheus_client import Counter

decoding_refused = Counter(
    "pixelsite_blueprint_decoding_refused", "Pictures not decoded: too many waited"
)
