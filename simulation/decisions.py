"""The decisions of a plan: what moderators and administrators do, told by one of the pods."""

import random

from django.db import IntegrityError

from canvas.domain import rules
from simulation.plan import Fault
from simulation.world import World


class Decisions:
    """Carries each out on the ledger; `end_…` takes it back.

    What a damaged canvas does not allow is refused, as by the SQL.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._chance = random.Random(f"{world.plan.seed}/faults")

    def rules(self, fault: Fault) -> None:
        palette = list(self._world.canvas(fault.target).meta.palette)
        one, other = fault.target % 4 + 1, fault.target % 3 + 2
        palette[one], palette[other] = palette[other], palette[one]
        changes = {"palette": tuple(palette), "charges": fault.target % 5 + 1}
        if self._world.plan.cooldown:
            changes["cooldown_ms"] = self._world.plan.cooldown * (1 + fault.target % 3)
        self._configure(fault, **changes)

    def colors(self, fault: Fault) -> None:
        """Add a colour, which some draw with at once, before their pods know it."""
        canvas = self._world.canvas(fault.target)
        palette = canvas.meta.palette
        if len(palette) < rules.MAX_COLORS:
            added = f"#{len(palette):02X}C0DE"
            self._configure(fault, palette=(*palette, added))
            for client in self._world.clients:
                if client.slug == canvas.meta.slug and self._chance.random() < fault.amount:
                    client.fancied = (added,)

    def end_colors(self, fault: Fault) -> None:
        for client in self._world.clients:
            client.fancied = ()

    def freeze(self, fault: Fault) -> None:
        self._configure(fault, frozen=True)

    def end_freeze(self, fault: Fault) -> None:
        self._configure(fault, frozen=False)

    def resize(self, fault: Fault) -> None:
        if not self._world.canvas(fault.target).damage.missing:  # its board cannot be folded
            self._configure(fault, width=8 + fault.target % 9, height=8 + fault.target % 7)

    def overwrite(self, fault: Fault) -> None:
        meta = self._world.canvas(fault.target).meta
        cells = [(x, y, 1) for x in range(meta.width) for y in range(meta.height)]
        try:
            self._world.ledger.overwrite(meta.slug, cells[: 1 + int(fault.amount * len(cells))])
        except IntegrityError:
            self._world.log(f"{meta.slug} cannot be overwritten now")
        self._tell()

    def expel(self, fault: Fault) -> None:
        self._send_away(fault, banned=False)

    def ban(self, fault: Fault) -> None:
        self._send_away(fault, banned=True)

    def end_ban(self, fault: Fault) -> None:
        self._world.ledger.people.pardon()

    def _send_away(self, fault: Fault, *, banned: bool) -> None:
        client = self._world.client(fault.target)
        self._world.ledger.people.expel(client.actor, banned=banned)
        process = self._world.choose(self._chance)
        if process is not None:
            kind = "banned" if banned else "logged_out"
            process.call(process.tell, "expelled", {"kind": kind, "key": client.actor})

    def _configure(self, fault: Fault, **changes: object) -> None:
        self._world.canvas(fault.target).configure(**changes)
        self._tell()

    def _tell(self) -> None:
        """Send the signals of what was just done on one of the pods."""
        process = self._world.choose(self._chance)
        for name, facts in self._world.database.take_told():
            if process is not None:
                process.call(process.tell, name, facts)
