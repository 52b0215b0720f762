"""People, waiting bytes and degraded time, as a scrape finds them."""

from canvas import metrics
from canvas.pod.gauges import PodGauges
from canvas.pod.outbox import Frames
from canvas.pod.pod import Pod
from presence.service import MAX_PODS
from tests.canvas.helpers import Recorder


async def test_it_counts_what_waits_for_slow_sockets(pod: Pod) -> None:
    recorder = Recorder()
    pod.hub.join(await pod.relay.stream("main"), recorder.socket, 0)
    recorder.open.clear()
    for _ in range(3):
        pod.hub.send("main", recorder.socket, Frames.of_text("x" * 100))
    PodGauges(pod.hub, pod.presence, pod.writer, lambda: False).count(2.0)
    assert metrics.outbox_bytes._value.get() == recorder.socket.outbox.waiting > 0


async def test_it_counts_people(pod: Pod) -> None:
    for person in ("a", "b", "a"):
        pod.presence.enter(person, "Alice")
    PodGauges(pod.hub, pod.presence, pod.writer, lambda: False).count(2.0)
    assert metrics.people._value.get() == 2


async def test_degraded_time_adds_up(pod: Pod) -> None:
    before = metrics.degraded_seconds._value.get()
    PodGauges(pod.hub, pod.presence, pod.writer, lambda: True).count(2.0)
    PodGauges(pod.hub, pod.presence, pod.writer, lambda: False).count(2.0)
    assert metrics.degraded_seconds._value.get() - before == 2.0
    assert metrics.degraded._value.get() == 0


async def test_it_tells_of_pods_that_are_too_many(pod: Pod) -> None:
    for number in range(MAX_PODS + 3):
        pod.presence.lease_changed(f"other-{number}")
    PodGauges(pod.hub, pod.presence, pod.writer, lambda: False).count(2.0)
    assert metrics.pods_ignored._value.get() >= 3
