"""The judge: holds what a client sees against the truth."""

from typing import Any, Protocol

from simulation.local_board import LocalBoard
from simulation.process import Process


class Watched(Protocol):
    """A client, as far as it is judged."""

    number: int
    board: LocalBoard
    process: Process | None

    @property
    def slug(self) -> str: ...
    @property
    def actor(self) -> str: ...


class Judge(Protocol):
    """Takes what a client gets at the moment that it does."""

    def pixel(self, client: Watched, seq: int, x: int, y: int, color: int) -> None: ...
    def board(self, client: Watched, epoch: int, seq: int, cells: bytes) -> None: ...
    def ack(self, client: Watched, client_id: str | None, event: dict[str, Any]) -> None: ...
    def wrong_for(self, client: Watched, what: str) -> None: ...
