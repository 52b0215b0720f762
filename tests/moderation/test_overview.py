"""The overview shows the metrics of this pod, and all pods by their leases."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from canvas import metrics
from canvas.pod.pod import Pod
from moderation import overview, pod_stats
from moderation.acts.revert import revert
from tests.canvas.helpers import ALICE, in_thread
from tests.moderation.helpers import REASON, VANDAL, draw, selection, staff


async def test_pods_show_their_leases_and_this_one_its_sockets(pod: Pod) -> None:
    pod.presence.enter("a", "alice")
    read = await in_thread(overview.read)()
    assert read.people == 1
    assert [(each.pod_id, each.lease) for each in read.pods] == [("pod-1", 1)]
    assert read.pods[0].stats == pod_stats.own()
    assert (read.redis_ready, read.presence_whole) == (True, True)


async def test_a_broker_that_is_down_is_shown(pod: Pod) -> None:
    pod.broker.ready = False
    assert (await in_thread(overview.read)()).redis_ready is False


def test_metrics_are_shown(main: object) -> None:
    before = metrics.refusals.labels("frozen_for_a_test")
    before.inc(3)
    assert ("pixelsite_refusals_total", "frozen_for_a_test", 3.0) in overview.read().samples


def test_pixels_a_second_are_those_of_the_last_minute(moderator: User) -> None:
    draw(ALICE, *[(x, 0) for x in range(30)])
    draw(VANDAL, *[(x, 1) for x in range(30)])
    revert(moderator, "main", selection(VANDAL), REASON)
    (canvas,) = overview.read().canvases
    assert (canvas.seq, canvas.per_second) == (60, 1.0)
    assert overview.read().operations_running == 1


@pytest.mark.usefixtures("main")
def test_a_rate_looks_at_the_newest_placements_only(monkeypatch: pytest.MonkeyPatch) -> None:
    draw(ALICE, *[(x, 0) for x in range(60)])
    monkeypatch.setattr(overview, "MAX_ROWS", 30)
    (canvas,) = overview.read().canvases
    assert canvas.per_second == 0.5


@pytest.mark.usefixtures("main")
def test_the_page_says_that_no_pod_runs(client_of: Callable[[User], Client]) -> None:
    page = client_of(staff("mo")).get("/admin/moderation/operation/overview/")
    assert b"the message broker is down" in page.content
