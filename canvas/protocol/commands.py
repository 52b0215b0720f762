"""Every command of a client: one JSON text frame each. `canvas.ws.commands` answers them."""

from collections.abc import Collection
from typing import Any, Literal, NotRequired, TypedDict

import orjson

from canvas.domain.errors import TooLarge
from runtime.errors import Invalid

MAX_FRAME = 4096  # characters; a placement needs about 150


class PixelUpdate(TypedDict):
    """Place a pixel. `id` makes a retry return the first answer; `username` names a guest.

    With `over` only while the placement of that seq is the newest on the cell.
    """

    type: Literal["pixel_update"]
    x: int
    y: int
    color: str  # #RRGGBB
    id: NotRequired[str]
    username: NotRequired[str]
    over: NotRequired[int]


class Ping(TypedDict):
    """Ask for a pong: browsers cannot send WebSocket pings of their own."""

    type: Literal["ping"]
    id: NotRequired[str]


class ListPeople(TypedDict):
    """Ask for a `user_list` now, of 200 names from a place in the alphabet on."""

    type: Literal["people"]
    offset: NotRequired[int]
    id: NotRequired[str]


class View(TypedDict):
    """Tell whether anybody looks: a paused socket gets no pixels, and then those it missed."""

    type: Literal["view"]
    paused: bool
    id: NotRequired[str]


Command = PixelUpdate | Ping | ListPeople | View


def parse_command(text: str | None, known: Collection[str]) -> dict[str, Any]:
    """Return a client's text frame as a JSON object whose type is one of the known ones.

    Its other fields are not checked. Raise Invalid or TooLarge for anything else.
    """
    if text is None:
        raise Invalid("message", "invalid", "Send JSON text frames; binary is not understood.")
    if len(text) > MAX_FRAME:
        raise TooLarge(f"A message has at most {MAX_FRAME} characters.", field="message")
    try:
        message = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Invalid("message", "invalid", "The message is not JSON.") from None
    if not isinstance(message, dict):
        raise Invalid("message", "invalid", "The message must be a JSON object.")
    kind = message.get("type")
    if not isinstance(kind, str) or kind not in known:
        raise Invalid("type", "unknown", f"type must be {' or '.join(known)}.")
    return message
