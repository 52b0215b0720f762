"""The people of the ledger: who is logged in, banned, sent away, and what each has spent."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from django.contrib.auth.models import User

from accounts.bans import BanList, Bans
from accounts.models import Ban, Expulsion
from accounts.sessions import Login, Ticket
from canvas.domain.cooldown import Allowance
from canvas.ledger.allowances import Drawer
from canvas.pod.arrivals import Known
from simulation.canvas_ledger import CanvasLedger


class People:
    """Answers about the people that there are now."""

    def __init__(
        self, canvases: Callable[[], Iterable[CanvasLedger]], now: Callable[[], datetime]
    ) -> None:
        self._canvases = canvases
        self._now = now
        self._expulsions: list[Expulsion] = []
        self._bans: list[Ban] = []

    def bans(self) -> Bans:
        return Bans(BanList(0, self._bans), self._now())

    def know(self, keys: Sequence[str]) -> list[Known]:
        bans = self.bans()
        return [Known(_login(key), bans) for key in keys]

    def allowances(self, drawers: Sequence[Drawer]) -> list[Allowance]:
        now = self._now()
        spent = {each.meta.id: each.past.spent for each in self._canvases()}
        return [
            each.cooldown.allowance(now, spent[each.canvas_id].get(each.actor)) for each in drawers
        ]

    def newest_expulsion(self) -> int:
        return self._expulsions[-1].id if self._expulsions else 0

    def expulsions_since(self, last: int) -> list[Expulsion]:
        return [each for each in self._expulsions if each.id >= last]

    def expel(self, person: str, *, banned: bool) -> None:
        """Ban a person, or log all their sockets out."""
        now = self._now()
        kind = Expulsion.BANNED if banned else Expulsion.LOGGED_OUT
        if banned:
            self._bans = [*self._bans, Ban(person=person, reason="rules", created_at=now)]
        number = self.newest_expulsion() + 1
        self._expulsions.append(Expulsion(id=number, kind=kind, key=person, created_at=now))

    def pardon(self) -> None:
        self._bans = []

    def lose(self) -> None:
        """Lose the newest expulsion."""
        del self._expulsions[-1:]


def _login(key: str) -> Login | None:
    """Return the login of a session: `session7` is that of the account 7."""
    number = key.removeprefix("session")
    if not number.isdigit():
        return None
    user = User(pk=int(number), username=f"person{number}")
    return Login(user, Ticket(frozenset([f"session:{number}"]), key))
