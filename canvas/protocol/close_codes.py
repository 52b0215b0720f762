"""The close codes of a WebSocket: their meaning, and what a client does about each."""

from enum import IntEnum
from typing import Self


class CloseCode(IntEnum):
    """The code of a close frame, its meaning, and what a client does about it.

    `reconnects` tells whether a client comes back by itself. `docs/protocol.md` has the same
    table, and the page's `backoff` a rule for each code.
    """

    meaning: str
    advice: str
    reconnects: bool

    def __new__(cls, code: int, meaning: str, advice: str, reconnects: bool) -> Self:
        self = int.__new__(cls, code)
        self._value_ = code
        self.meaning = meaning
        self.advice = advice
        self.reconnects = reconnects
        return self

    GOING_AWAY = (
        1001,
        "a server or proxy on the way stops",
        "reconnect after a random moment",
        True,
    )
    RESTARTING = (
        1012,
        "the pod stops",
        "reconnect after a random moment",
        True,
    )
    TRY_LATER = (
        1013,
        "full, not ready, or about to stop",
        "reconnect later",
        True,
    )
    UNACCEPTABLE = (
        4400,
        "no such canvas, or a request that cannot be served",
        "stay away",
        False,
    )
    LOGGED_OUT = (
        4401,
        "logged out, session over, account deleted, token unknown, revoked or without the scope"
        " `read`",
        "log in, then reconnect",
        False,
    )
    BANNED = (
        4403,
        "banned; an `error` {`code`: `banned`} comes first where a ban meets a new socket",
        "stay away",
        False,
    )
    TOO_SLOW = (
        4408,
        "too slow, twice within 30 s",
        "reconnect, start from the board",
        True,
    )
    FLOODING = (
        4429,
        "flooding, or too many sockets of one network (`error` {`code`: `limit_reached`} first)",
        "wait, then reconnect",
        True,
    )
