"""The invariants: what holds after each step, and what at the end."""

from collections.abc import Mapping
from typing import Any

from canvas.ledger.inserts import Row
from canvas.pod import broker, outbox, stream, writer
from canvas.pod.pod import Pod
from simulation.bucket import too_fast
from simulation.canvas_ledger import CanvasLedger
from simulation.client import Client
from simulation.judge import Watched
from simulation.process import Process
from simulation.world import World

LONGEST_WAIT = 30.0  # seconds until a client that is served has an answer, of any kind
CONTESTED = 6.0  # seconds after a failover in which pods may believe what the ledger has lost
TASKS = 150  # of one pod, beside four for each client and one for each request by HTTP


class Checks:
    """Gathers what is wrong; the first of it ends the simulation."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.wrong: list[str] = []
        self.misled = 0  # clients that a failover without another epoch has misled

    def say(self, what: str) -> None:
        self.wrong.append(what)
        self._world.log(f"WRONG: {what}")

    # --- what clients see: simulation.client.Judge

    def wrong_for(self, client: Watched, what: str) -> None:
        pod = client.process.name if client.process else "no pod"
        self.say(f"client {client.number} on {pod}: {what}")

    def pixel(self, client: Watched, seq: int, x: int, y: int, color: int) -> None:
        """Hold a pixel against all that was ever committed under its seq."""
        drawn = x, y, color
        rows = self._canvas(client).ever.get(seq, ())
        if not any(_drawn(row) == drawn for row in rows):
            self.wrong_for(client, f"pixel {seq} {drawn} was never placed")
        elif not self._is_current(client, seq, drawn):
            client.board.lost_past = True

    def board(self, client: Watched, epoch: int, seq: int, cells: bytes) -> None:
        """Hold a fetched board against the fold of the ledger."""
        ledger = self._canvas(client)
        if epoch != ledger.meta.epoch:
            return  # its pod has yet to hear of the resize or the restore
        self._world.ahead.pop(client.number, None)
        if seq > ledger.seq or ledger.board(seq) != cells:
            if self._is_contested:
                client.board.lost_past = True
            else:
                self.wrong_for(client, f"the board at {seq} is not the fold of the ledger")

    def ack(self, client: Watched, client_id: str | None, event: dict[str, Any]) -> None:
        rows = self._canvas(client).ever.get(event["seq"], [])
        if not any(
            (row.x, row.y, row.actor) == (event["x"], event["y"], client.actor) for row in rows
        ):
            self.wrong_for(client, f"{client_id} was acknowledged, and is not in the ledger")

    # --- after each step

    def step(self) -> None:
        world = self._world
        for problem in (*world.alarm.raised, *world.loop.errors):
            self.say(problem)
        for process in world.processes:
            if process.serves and process.pod is not None:
                self._bounds(process, process.pod)
        for client in world.clients:
            self._waiting(client)

    def _bounds(self, process: Process, pod: Pod) -> None:
        sizes = {
            "messages to publish": (len(pod.broker._waiting), broker.MAX_WAITING),
            "placements to commit": (pod.writer.waiting, writer.MAX_WAITING),
            "tasks": (
                sum(not task.done() for task in process.tasks),
                TASKS + 4 * len(self._world.clients) + process.posts,
            ),
        }
        for each in pod.relay.streams():
            sizes["placements behind a gap"] = len(each.waiting()), stream.MAX_WAITING
        for number, socket in enumerate(pod.hub.sockets()):
            sizes[f"bytes for socket {number}"] = socket.outbox.waiting, outbox.MAX_BYTES
        for what, (size, most) in sizes.items():
            if size > most:
                self.say(f"{process.name} has {size} {what}, more than {most}")

    def _waiting(self, client: Client) -> None:
        """Find a client that waits for ever."""
        wire, process = client.wire, client.process
        if wire is None or process is None or not wire.is_read or not wire.is_open:
            return
        if not process.is_alive or process.is_paused:
            return
        now = self._world.loop.time()
        waiting = [] if client.is_greeted else [client.connected_at]
        waiting += [
            ask.sent_at for ask in client.orders.asks.values() if ask.sent_at > client.connected_at
        ]
        for since in waiting:
            if now - max(since, process.resumed_at, client.reads_since) > LONGEST_WAIT:
                self.wrong_for(client, f"it waits since {since:.3f}")

    # --- at the end

    def pods(self) -> None:
        """Every pod equals the ledger."""
        for process in self._alive():
            if process.pod is None:
                self.say(f"{process.name} has not started")
            else:
                self._pod(process.name, process.pod)

    def _pod(self, name: str, pod: Pod) -> None:
        state = {
            "ready": (pod.broker.ready, True),
            "degraded": (pod.degraded, False),
            "admits": (pod.admits, True),
            "the fault of the writer": (pod.writer_health.fault, ""),
            "waiting placements": (pod.writer.waiting, 0),
            "damaged": (list(pod.relay.damaged), []),
        }
        self._compare(name, state)
        for each in pod.relay.streams():
            ledger = self._world.ledger.canvas(each.meta.slug)
            since = next(seq for seq in range(each.last + 1) if each.remembers(seq))
            boards = {
                "the rules": (each.meta, ledger.meta),
                "the seq": (each.last, ledger.seq),
                "the board": (bytes(each.board.cells), ledger.board(ledger.seq)),
                "the memory": (each.between(since, each.last), ledger.pixels(since, ledger.seq)),
            }
            self._compare(f"{name}, {each.meta.slug}", boards)

    def _compare(self, where: str, found: Mapping[str, tuple[object, object]]) -> None:
        for what, (is_so, should) in found.items():
            if is_so != should:
                self.say(f"{where}: {what} is {is_so!r}, and should be {should!r}"[:500])

    def clients(self) -> None:
        """Every client sees what the ledger has, and waits for nothing."""
        for client in self._world.clients:
            ledger = self._canvas(client)
            if client.is_gone:
                continue
            if not client.is_live or client.board.cells is None:
                self.wrong_for(client, "it is not connected")
                continue
            if client.orders.asks:
                self.wrong_for(client, f"no answer to {list(client.orders.asks)}")
            if self._is_misled(client):
                self.misled += 1
                continue
            place = client.board.epoch, client.board.seq
            if place != (ledger.meta.epoch, ledger.seq):
                self.wrong_for(client, f"it is at {place}, and the ledger at {ledger.head}")
            elif bytes(client.board.cells.cells) != ledger.board(ledger.seq):
                self.wrong_for(client, "its board is not the fold of the ledger")

    def placements(self) -> None:
        """Check that each acknowledged placement is in the ledger once, unless lost by it."""
        for ledger in self._world.ledger.canvases.values():
            rows = ledger.past.rows
            if [row.seq for row in rows] != list(range(1, len(rows) + 1)):
                self.say("the seqs of the ledger do not follow one another")
            for key, made in ledger.made.items():
                if sum(map(ledger.has, made)) > 1:
                    self.say(f"{key} was placed twice: {[row.seq for row in made]}")
        for client in self._world.clients:
            self._answers(client)

    def _answers(self, client: Client) -> None:
        """Check that what was acknowledged is there, and what was refused never was."""
        ledger, orders = self._canvas(client), client.orders
        for client_id, seq in orders.acked.items():
            made = ledger.made.get((client.actor, client_id), [])
            if not any(row.seq == seq for row in made):
                self.wrong_for(client, f"{client_id} was acknowledged, and never placed")
            elif not self._world.has_lost and not any(map(ledger.has, made)):
                self.wrong_for(client, f"{client_id} was acknowledged, and is lost")
        for client_id, code in orders.refused.items():
            if (client.actor, client_id) in ledger.made:
                self.wrong_for(client, f"{client_id} was refused as {code}, and placed")

    def cooldowns(self) -> None:
        """Nobody has drawn faster than the rules let, under any of them."""
        for ledger in self._world.ledger.canvases.values():
            for fault in too_fast(ledger.past):
                self.say(f"{ledger.meta.slug}: {fault}")

    def epochs(self) -> None:
        """No loss of a ledger has people start over twice."""
        for ledger in self._world.ledger.canvases.values():
            made, losses = ledger.settled, ledger.losses
            if made > losses:
                self.say(f"{ledger.meta.slug}: pods made {made} epochs for {losses} losses")

    def people(self) -> None:
        """Every pod counts the people that are there."""
        here = {client.actor for client in self._world.clients if client.is_live}
        for process in self._alive():
            counted = process.pod.presence.everyone().count if process.pod else 0
            if counted != len(here):
                self.say(f"{process.name} counts {counted} people, and there are {len(here)}")

    def _alive(self) -> list[Process]:
        return [each for each in self._world.processes if each.is_alive]

    def _canvas(self, client: Watched) -> CanvasLedger:
        return self._world.ledger.canvas(client.slug)

    def _is_current(self, client: Watched, seq: int, drawn: tuple[int, int, int]) -> bool:
        rows = self._canvas(client).past.rows
        return seq <= len(rows) and _drawn(rows[seq - 1]) == drawn

    @property
    def _is_contested(self) -> bool:
        return self._world.loop.time() - self._world.failed_over_at < CONTESTED

    def _is_misled(self, client: Client) -> bool:
        """Tell whether a client goes on from what a failover lost, and no pod is left that knew."""
        if client.number in self._world.ahead:
            return not any(each.is_alive for each in self._world.ahead[client.number])
        return client.board.lost_past and self._world.failed_over_at > 0


def _drawn(row: Row) -> tuple[int, int, int]:
    return row.x, row.y, row.color
