"""The process of a pod: starts, stops, is killed and comes back under the same name."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from accounts.signals import expelled
from canvas import metrics, signals
from canvas.pod.audience import RedisAudience
from canvas.pod.pod import Pod
from canvas.protocol import extensions
from canvas.protocol.frames import SUBPROTOCOL
from canvas.protocol.signatures import signer
from canvas.ws.consumer import CanvasConsumer
from presence.leases import RedisLeases
from simulation.copies import Copies
from simulation.loop import CURRENT, Machine, VirtualLoop
from simulation.redis import Layer, Redis
from simulation.wire import Wire

ADDRESS = "192.0.2.1"  # of all people


class Visit(NamedTuple):
    """A browser's connection. With `direct` the server writes whole frames to the connection."""

    slug: str
    cookies: Mapping[str, str]
    binary: bool
    direct: bool


class Process(Machine):
    """A run of a pod. `pod` is None until it has started; `posts` counts its requests by HTTP."""

    def __init__(self, loop: VirtualLoop, redis: Redis, name: str) -> None:
        super().__init__(loop, name)
        self.layer = Layer(redis, self)
        self.pod: Pod | None = None
        self.resumed_at = loop.time()
        self.is_stopping = False
        self.posts = 0
        self.wires: list[Wire] = []

    @property
    def serves(self) -> bool:
        return self.is_alive and self.pod is not None and not self.is_stopping

    def ended_post(self) -> None:
        self.posts -= 1

    def last(self, slug: str) -> int:
        """Return the seq of its board of a canvas; 0 where it has none, or is no more."""
        if not self.is_alive or self.pod is None or slug not in self.pod.relay._streams:
            return 0
        return self.pod.relay.current(slug).last

    async def start(self) -> None:
        leases = RedisLeases(self.layer, signer(), metrics.other_sites.inc)
        audience = RedisAudience(self.layer, self.name)
        copies = Copies(self.layer)
        pod = Pod(self.name, self.layer, leases, shared_audience=audience, copies=copies)
        await pod.start()
        # the database tells the pod whose thread has committed; a process has signals of its own
        signals.committed.disconnect(pod._on_committed)
        signals.changed.disconnect(pod._on_changed)
        expelled.disconnect(pod._on_expelled)
        self.pod = pod

    async def stop(self) -> None:
        """Stop in order, as by SIGTERM."""
        self.is_stopping = True
        if self.pod is not None:
            await self.pod.drain(1.0)
            await self.pod.stop()
        await self.layer.flush()
        self.leave()

    def leave(self) -> None:
        """Be no more: the kernel ends the connections."""
        self.is_stopping = True
        self.layer.redis.layers.remove(self.layer)
        self.kill()
        for wire in self.wires:
            wire.break_off()

    def tell(self, name: str, facts: Mapping[str, Any]) -> None:
        if self.pod is not None:
            receiver = getattr(self.pod, f"_on_{name}")
            receiver(**facts)

    def serve(self, wire: Wire, query: str, visit: Visit) -> None:
        """Serve a WebSocket as the server does."""
        scope: dict[str, Any] = {
            "type": "websocket",
            "url_route": {"kwargs": {"slug": visit.slug}},
            "query_string": query.encode(),
            "headers": [],
            "cookies": dict(visit.cookies),
            "client": [ADDRESS, 1],
            "subprotocols": [SUBPROTOCOL] if visit.binary else [],
            "extensions": {},
        }
        if visit.direct:
            frames = {"write": wire.write, "watch": wire.watch}
            scope["extensions"] = {extensions.FRAMES: frames}
        self.wires = [each for each in self.wires if each.is_open] + [wire]
        self.run(_serve(scope, wire))


async def _serve(scope: dict[str, Any], wire: Wire) -> None:
    with suppress(OSError):  # the client went before it was accepted
        stay = await CanvasConsumer()(scope, wire.receive, wire.send)
        if stay is not None:
            await stay()


class CurrentPod:
    """Stands for `current_pod`: the pod of the machine that asks."""

    def get(self) -> Pod | None:
        machine = CURRENT.get()
        return machine.pod if isinstance(machine, Process) else None
