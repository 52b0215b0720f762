"""Guests as the page makes them."""

from typing import NamedTuple

from stress.http import get

PATIENCE = 30.0  # seconds for the page, while pods start


class Guest(NamedTuple):
    """A person by a cookie; `actor` is how the ledger names it."""

    actor: str
    cookie: str


async def new_guest(port: int) -> Guest:
    """Open the page once."""
    cookie = (await get(port, "/", PATIENCE)).cookie("guest")
    return Guest(f"guest:{cookie.strip(chr(34)).partition(':')[0]}", f"guest={cookie}")
