"""Metrics of the services that a pod uses; `docs/metrics.md` says what each means."""

from prometheus_client import Counter, Gauge, Histogram

SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)

database_seconds = Histogram(
    "pixelsite_database_seconds", "Duration of one database query", buckets=SECONDS
)
database_connections = Gauge(
    "pixelsite_database_connections", "Connections to the database, by lane", ["lane"]
)
database_waiting = Gauge(
    "pixelsite_database_waiting", "Threads that wait for a connection, by lane", ["lane"]
)
database_faults = Counter(
    "pixelsite_database_faults", "Connections that could not be had or were given up", ["reason"]
)
for reason in ("connect", "silent", "crowded"):  # or an alert would miss the first one
    database_faults.labels(reason)
requests_waiting = Gauge(
    "pixelsite_requests_waiting", "Requests that wait for their turn, by kind", ["kind"]
)
requests_refused = Counter(
    "pixelsite_requests_refused", "Requests whose turn did not come in time, by kind", ["kind"]
)
redis_seconds = Histogram(
    "pixelsite_redis_seconds",
    "Duration of one round trip to Redis, by outcome",
    ["outcome"],
    buckets=SECONDS,
)
redis_values_refused = Counter(
    "pixelsite_redis_values_refused", "Values in Redis that no pod writes so long, and not read"
)
redis_up = Gauge("pixelsite_redis_up", "1 if Redis answered this pod's last request, else 0")
redis_clients = Gauge("pixelsite_redis_clients", "Clients connected to Redis")
pubsub_channels = Gauge(
    "pixelsite_redis_pubsub_channels", "Pub/Sub channels in Redis with a subscriber"
)
pubsub_patterns = Gauge(
    "pixelsite_redis_pubsub_patterns", "Pub/Sub patterns in Redis with a subscriber"
)
lease_drift = Gauge(
    "pixelsite_lease_drift", "Connections in this pod's lease minus its open sockets"
)
tasks = Gauge("pixelsite_tasks", "Tasks of the event loop that have not ended")
