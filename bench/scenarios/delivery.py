"""The cost of one update to one socket, for our pod and for its peers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from bench import gateways
from bench.fan_out import FanOut, measure
from bench.gateways import NCHAN, GatewayFactory
from bench.load.reader import Faulty
from bench.progress import log
from bench.rig import Rig
from bench.section import Bars, Claim, Section

OURS = gateways.pod, gateways.pod_json, gateways.null


@dataclass(frozen=True)
class Load:
    """A load of sockets and pixels a second, and the gateways that get it; ours is the first."""

    sockets: int
    rate: float
    makes: Sequence[GatewayFactory]

    def __str__(self) -> str:
        return f"{self.sockets:,} sockets x {self.rate:,g} px/s"


FEW = Load(50, 20, (gateways.pod, gateways.channels_on_daphne, gateways.channels_on_uvicorn))
USUAL = Load(
    500,
    200,
    (gateways.pod, gateways.null, gateways.pod_json, gateways.node)
    + ((gateways.nchan,) if NCHAN.exists() else ())
    + (gateways.socket_io,),
)
FAST = Load(500, 2000, (gateways.pod, gateways.null, gateways.node))
MANY = Load(5000, 500, (gateways.pod, gateways.null, gateways.node))
LOADS = USUAL, FAST, MANY, FEW


class Results:
    """The rounds of one load. A peer that was faulty has a reason in place of results."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.of: dict[GatewayFactory, list[FanOut]] = {make: [] for make in load.makes}
        self.faults: dict[GatewayFactory, str] = {}

    def add(self, rig: Rig, make: GatewayFactory) -> None:
        try:
            result = measure(rig, make, self.load.sockets, self.load.rate)
        except Faulty as fault:
            if make in OURS:
                raise
            self.faults[make] = str(fault)
            log(f"{self.load}: {make.__name__} failed: {fault}")
        else:
            self.of[make].append(result)
            log(f"{self.load}: {result.gateway} {result.cpu_us:.2f} us, p99 {result.p99:.0f} ms")

    def typical(self, make: GatewayFactory, field: str) -> float:
        """Return the median of a field of FanOut over the rounds; NaN without a round."""
        values = [float(getattr(result, field)) for result in self.of[make]]
        return median(values) if values else float("nan")

    def ratio(self, make: GatewayFactory, peer: GatewayFactory) -> float:
        """Return the median ratio of the CPU of one to that of the other in the same round."""
        pairs = zip(self.of[make], self.of[peer], strict=False)
        return median([one.cpu_us / other.cpu_us for one, other in pairs] or [float("nan")])

    def kept_up(self, make: GatewayFactory) -> bool:
        return bool(self.of[make]) and all(result.kept_up for result in self.of[make])

    def rows(self) -> Iterable[Sequence[str]]:
        for make in self.load.makes:
            if make in self.faults:
                yield str(self.load), make.__name__, f"failed: {self.faults[make]}", *[""] * 6
                continue
            yield (
                str(self.load),
                self.of[make][0].gateway,
                f"{self.typical(make, 'cpu_us'):.2f}",
                f"{self.ratio(make, self.load.makes[0]):.1f}",
                f"{self.typical(make, 'delivered'):,.0f}"
                + ("" if self.kept_up(make) else " (does not keep up)"),
                f"{self.typical(make, 'core'):.2f}",
                f"{self.typical(make, 'p50'):,.0f}",
                f"{self.typical(make, 'p99'):,.0f}",
                f"{self.typical(make, 'generator'):.2f}",
            )


def run(rig: Rig, rounds: int) -> Section:
    results = [Results(load) for load in LOADS]
    for number in range(1, rounds + 1):
        log(f"delivery, round {number} of {rounds}")
        for result in results:
            for make in result.load.makes:
                result.add(rig, make)
    return Section(
        "An update delivered",
        TEXT,
        HEADER,
        [row for result in results for row in result.rows()],
        list(_claims(*results)),
        [chart(results)],
    )


def chart(results: Iterable[Results]) -> Bars:
    groups = {
        str(result.load): [
            (rounds[0].gateway, result.typical(make, "cpu_us"))
            for make, rounds in result.of.items()
            if rounds
        ]
        for result in results
    }
    return Bars("gateways", "CPU of the gateway for an update delivered, us", "pixelsite", groups)


HEADER = (
    "load",
    "gateway",
    "CPU us an update",
    "ratio to ours",
    "updates/s",
    "core",
    "p50 ms",
    "p99 ms",
    "generator's core",
)
TEXT = """Another process commits pixels to the ledger and publishes each on Redis; the gateway
under test reads them there and delivers them to every socket. All of them share the machine with
that process, PostgreSQL, Redis and the load generator. The null server packs and writes bytes and
does nothing else: it is the floor, and shows that the generator could take more. Peers are spared
what would hurt them more: Node its presence, nchan its Redis, socket.io and Channels sessions."""


def _claims(usual: Results, fast: Results, many: Results, few: Results) -> Iterable[Claim]:
    pod, node = gateways.pod, gateways.node
    yield _ratio(usual, pod, node, 1 / 5)
    if NCHAN.exists():
        yield _ratio(usual, pod, gateways.nchan, 1 / 3)
    yield _ratio(fast, pod, node, 1 / 25)
    yield _delay(fast, 150)
    yield _delay(many, 300)
    core = many.typical(pod, "core")
    yield Claim(f"{many.load}: share of a core", "< 1", f"{core:.2f}", core < 1)
    yield _ratio(usual, gateways.pod_json, node, 1.0)


def _ratio(results: Results, make: GatewayFactory, peer: GatewayFactory, target: float) -> Claim:
    ratio = results.ratio(make, peer)
    name = results.of[make][0].gateway
    what = f"{results.load}: CPU an update, {name} to {peer.__name__}"
    if target < 1:
        return Claim(what, f"<= 1/{1 / target:.0f}", f"1/{1 / ratio:.1f}", ratio <= target)
    return Claim(what, f"<= {target:.1f}", f"{ratio:.2f}", ratio <= target)


def _delay(results: Results, target: float) -> Claim:
    p99 = results.typical(gateways.pod, "p99")
    met = p99 <= target and results.kept_up(gateways.pod)
    what = f"{results.load}: nothing lost, all delivered, p99"
    return Claim(what, f"<= {target:.0f} ms", f"{p99:.0f} ms", met)
