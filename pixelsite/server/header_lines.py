"""Headers that come in several lines, settled before HTTP and WebSocket read them in two ways.

Django joins lines by commas, cookies too; readers of a WebSocket's handshake take the last line or
the first. A person would be logged in for one and a guest for the other.
"""

from pixelsite.errors import Malformed

ONCE = (b"host", b"origin", b"authorization")  # two of them could name two sites or two people
COOKIE = b"cookie"

Lines = list[tuple[bytes, bytes]]


def settle(lines: Lines) -> None:
    """Join cookies to one line, as HTTP/2 may split them; raise Malformed for two of ONCE."""
    names = [name for name, _value in lines]
    if any(names.count(name) > 1 for name in ONCE):
        raise Malformed("Host, Origin and Authorization come once.")
    if names.count(COOKIE) > 1:
        cookies = b"; ".join(value for name, value in lines if name == COOKIE)
        lines[:] = [line for line in lines if line[0] != COOKIE]
        lines.append((COOKIE, cookies))
