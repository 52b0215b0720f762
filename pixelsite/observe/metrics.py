"""What this pod measures of the services that it uses; `docs/metrics.md` says what each means."""

from prometheus_client import Gauge, Histogram

SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)

database_seconds = Histogram("pixelsite_database_seconds", "One query", buckets=SECONDS)
redis_seconds = Histogram(
    "pixelsite_redis_seconds", "One round trip to Redis, by outcome", ["outcome"], buckets=SECONDS
)
redis_up = Gauge("pixelsite_redis_up", "Whether Redis answered this pod the last time")
redis_clients = Gauge("pixelsite_redis_clients", "Clients connected to Redis")
pubsub_channels = Gauge("pixelsite_redis_pubsub_channels", "Channels that anyone subscribes to")
pubsub_patterns = Gauge("pixelsite_redis_pubsub_patterns", "Patterns that anyone subscribes to")
lease_drift = Gauge(
    "pixelsite_lease_drift", "People in this pod's lease, minus the sockets that it has"
)
