"""The damages of a plan: what hands and disks do to a canvas's rows and boards, until mended."""

from simulation import tip
from simulation.damage import WHOLE, Damage
from simulation.plan import Fault
from simulation.world import World

MOST = 5  # seqs that are gone at once, or that the canvas's own row is behind
NEAR = 60  # seqs from the newest, within which rows are gone


class Damages:
    """Damages a canvas that is whole; `end_…` mends it."""

    def __init__(self, world: World) -> None:
        self._world = world

    def damage(self, fault: Fault) -> None:
        """Take rows away; or have the canvas's own row say less than there is."""
        seq = self._world.canvas(fault.target).seq
        count = min(1 + fault.target // 3 % MOST, seq)
        first = max(1, seq + 1 - count - int(fault.amount * NEAR))
        if fault.target % 2:
            self._set(fault, Damage(missing=range(first, first + count)))
        else:
            self._set(fault, Damage(less=count))

    def seals(self, fault: Fault) -> None:
        """Have the boards at the ends of segments be others than they were."""
        self._set(fault, Damage(is_sealed_wrong=True))

    def tips(self, fault: Fault) -> None:
        """Have the tip's cells be others than its hash is of, until it is renewed."""
        past = self._world.canvas(fault.target).past
        past.tip = tip.spoiled(past.tip)

    def end_damage(self, fault: Fault) -> None:
        self._mend(fault)

    def end_seals(self, fault: Fault) -> None:
        self._mend(fault)

    def _set(self, fault: Fault, damage: Damage) -> None:
        canvas = self._world.canvas(fault.target)
        if canvas.damage == WHOLE:
            canvas.damage = damage
            canvas.losses += 1
            self._world.damaged_by[canvas.meta.slug] = fault
            self._world.log(f"{canvas.meta.slug} at {canvas.seq}: {damage}")

    def _mend(self, fault: Fault) -> None:
        canvas = self._world.canvas(fault.target)
        if self._world.damaged_by.get(canvas.meta.slug) == fault:
            canvas.damage = WHOLE
            del self._world.damaged_by[canvas.meta.slug]
            self._world.damaged_for += fault.seconds
