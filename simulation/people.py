"""The people of the ledger: who is logged in, banned, sent away, and what each has spent."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.contrib.auth.models import User

from accounts.bans import BanList, Bans
from accounts.models import Ban, Expulsion
from accounts.sessions import Login, Ticket
from canvas.domain.cooldown import Allowance
from canvas.ledger.allowances import Drawer
from canvas.pod.arrivals import Known
from simulation.past import Past


class People:
    """Answers about the people of the past that there is now."""

    def __init__(self, past: Callable[[], Past], now: Callable[[], datetime]) -> None:
        self._past = past
        self._now = now

    def know(self, keys: Sequence[str]) -> list[Known]:
        bans = Bans(BanList(0, self._past().bans), self._now())
        return [Known(_login(key), bans) for key in keys]

    def allowances(self, drawers: Sequence[Drawer]) -> list[Allowance]:
        now, spent = self._now(), self._past().spent
        return [each.cooldown.allowance(now, spent.get(each.actor)) for each in drawers]

    def newest_expulsion(self) -> int:
        expulsions = self._past().expulsions
        return expulsions[-1].id if expulsions else 0

    def expulsions_since(self, last: int) -> list[Expulsion]:
        return [each for each in self._past().expulsions if each.id >= last]

    def expel(self, person: str, *, banned: bool) -> None:
        """Ban a person, or log all their sockets out."""
        past, now = self._past(), self._now()
        kind = Expulsion.BANNED if banned else Expulsion.LOGGED_OUT
        if banned:
            past.bans.append(Ban(person=person, reason="rules", created_at=now))
        number = self.newest_expulsion() + 1
        past.expulsions.append(Expulsion(id=number, kind=kind, key=person, created_at=now))

    def pardon(self) -> None:
        self._past().bans = []


def _login(key: str) -> Login | None:
    """Return the login of a session: `session7` is that of the account 7."""
    number = key.removeprefix("session")
    if not number.isdigit():
        return None
    user = User(pk=int(number), username=f"person{number}")
    return Login(user, Ticket(frozenset([f"session:{number}"]), key))
