"""Clients that take nothing, little, or never answer, beside honest ones."""

from tests.hostile.flow import flowing
from tests.hostile.seeds import size
from tests.hostile.site import Site
from tests.hostile.slow_clients import SlowCrowd
from tests.hostile.witness import witnessed

EACH = size(short=10, long=100)  # clients of each kind
HONEST = size(short=5, long=30)  # sockets, of ten pixels a second each
SECONDS = size(short=2, long=30)
MOST = 2**20  # bytes of the pod for one slow client


async def test_slow_and_silent_clients_cost_little_and_hold_up_nobody(site: Site) -> None:
    async with witnessed(site) as witness, flowing(witness, HONEST) as flow:
        before = await flow.p99(SECONDS)
        weight = site.weight()
        async with SlowCrowd(site.pod.port, EACH) as crowd:
            during = await flow.p99(SECONDS)
            each = (site.weight() - weight).resident / len(crowd)
            behind = site.metric("pixelsite_overflows_total")
        print(  # noqa: T201 - figures of the long form
            f"{len(crowd)} slow clients: {each / 1024:.0f} KiB each; p99 of {HONEST} others "
            f"{before * 1000:.0f} ms before, {during * 1000:.0f} ms beside them; "
            f"{behind:.0f} overflows"
        )
        assert each <= MOST
