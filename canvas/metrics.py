"""The metrics of a pod; `docs/metrics.md` says what each means."""

from prometheus_client import Counter, Gauge, Histogram

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
BATCH = (1, 2, 5, 10, 20, 50, 100, 200)

sockets = Gauge("pixelsite_sockets", "WebSockets open on this pod", ["canvas"])
placements = Counter("pixelsite_placements", "Pixels placed through this pod", ["canvas"])
refusals = Counter("pixelsite_refusals", "Requests refused", ["code"])
commit_seconds = Histogram(
    "pixelsite_commit_seconds", "One transaction of placements", buckets=SECONDS
)
commit_size = Histogram(
    "pixelsite_commit_size", "Placements of one canvas in one transaction", buckets=BATCH
)
commit_canvases = Histogram(
    "pixelsite_commit_canvases", "Canvases in one shared transaction", buckets=BATCH
)
commits_failed = Counter(
    "pixelsite_commits_failed", "Transactions of placements that the database failed"
)
writer_ready = Gauge("pixelsite_writer_ready", "1 if a placement could be committed now, else 0")
writer_waiting = Gauge("pixelsite_writer_waiting", "Placements that wait for their transaction")
retries_pruned = Counter("pixelsite_retries_pruned", "Ids of retries deleted after a day")
charges_pruned = Counter(
    "pixelsite_charges_pruned", "Rows of spent charges deleted that no cooldown counts"
)
published = Counter("pixelsite_published", "Messages for other pods, by outcome", ["outcome"])
resubscriptions = Counter("pixelsite_resubscriptions", "Times that this pod was found deaf")
relayed = Counter("pixelsite_relayed", "Placements offered to the stream, by outcome", ["outcome"])
distrusted = Counter("pixelsite_distrusted", "Messages from other pods that made no sense")
hints = Counter(
    "pixelsite_hints", "Messages from other pods that were only a hint, by reason", ["reason"]
)
board_bytes = Gauge("pixelsite_board_bytes", "Memory of the boards of this pod, about")
boards_unloaded = Counter("pixelsite_boards_unloaded", "Boards that left memory, unused")
names_forgotten = Counter(
    "pixelsite_names_forgotten", "Pixels that lost the name of a deleted account later on"
)
pods_ignored = Gauge("pixelsite_pods_ignored", "Pods not read, over the most that are")
unsigned_leases = Counter("pixelsite_unsigned_leases", "Leases without a signature, passed over")
other_sites = Counter("pixelsite_other_sites", "Messages and leases of another site")
catch_ups = Counter("pixelsite_catch_ups", "Reads of the ledger for missing placements", ["reason"])
caught_up = Counter("pixelsite_caught_up", "Placements that only the ledger brought")
holes = Counter("pixelsite_ledger_holes", "Faults found in the ledger")
damaged = Gauge("pixelsite_damaged", "Whether the ledger of a canvas has a fault", ["canvas"])
rebuilds = Counter("pixelsite_rebuilds", "Boards thrown away and read anew", ["reason"])
stored_state_rejected = Counter(
    "pixelsite_stored_state_rejected", "Stored state that did not prove itself", ["kind"]
)
for kind in ("segment", "keyframe", "tip"):  # or an alert would miss the first one
    stored_state_rejected.labels(kind)
rebuilds.labels("proof")
tip_copies = Counter(
    "pixelsite_tip_copies", "Uses of the copies of tips in Redis, by outcome", ["outcome"]
)
past_bytes = Gauge("pixelsite_past_bytes", "Pictures and parts of the past that are being sent")
past_refused = Counter("pixelsite_past_refused", "Requests for the past beyond what may wait")
slow_readers = Counter("pixelsite_slow_readers", "HTTP responses that were not taken in time")
fan_out_seconds = Histogram(
    "pixelsite_fan_out_seconds", "Handing one tick to the sockets", buckets=SECONDS
)
lag_seconds = Histogram(
    "pixelsite_lag_seconds", "From a pixel's timestamp to its fan-out", buckets=SECONDS
)
room_faults = Counter("pixelsite_room_faults", "Fan-outs of one canvas that failed: a resync each")
text_held = Counter(
    "pixelsite_text_held", "Ticks with more pixels than sockets of plain JSON get: a resync follows"
)
overflows = Counter("pixelsite_overflows", "Sockets that fell behind, by what was done", ["action"])
people = Gauge("pixelsite_people", "People on all pods, as far as this one knows")
people_unsigned = Gauge("pixelsite_people_unsigned", "Those of leases without a signature")
outbox_bytes = Gauge("pixelsite_outbox_bytes", "Waiting for the sockets of this pod")
degraded = Gauge("pixelsite_degraded", "Whether other pods are out of touch now")
degraded_seconds = Counter("pixelsite_degraded_seconds", "Time spent so")
drained = Counter("pixelsite_drained", "Sockets sent elsewhere because this pod stops")
cut = Counter(
    "pixelsite_connections_cut", "Connections that the server ended, by reason", ["reason"]
)
