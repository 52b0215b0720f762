"""The metrics of blueprints on a pod; `docs/metrics.md` says what each means."""

from prometheus_client import Counter, Gauge, Histogram

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)

decoding_refused = Counter(
    "pixelsite_blueprint_decoding_refused", "Pictures not decoded: too many waited"
)
open_blueprints = Gauge("pixelsite_blueprints_open", "Blueprints open on sockets of this pod")
open_refused = Counter("pixelsite_blueprints_open_refused", "Blueprints not opened: too many are")
uncounted = Gauge("pixelsite_blueprints_uncounted", "Open ones too large for progress to be told")
counting_seconds = Histogram(
    "pixelsite_blueprint_counting_seconds", "One round of progress", buckets=SECONDS
)
pictures_pruned = Counter(
    "pixelsite_blueprint_images_pruned", "Images deleted that no blueprint uses"
)
