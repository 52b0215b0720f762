"""Hostile HTTP requests, byte by byte, and a reader of what comes back."""

import json
from random import Random
from typing import NamedTuple

from tests.hostile.site import PALETTE, Cell
from tests.hostile.values import flipped
from tests.support.cells import SIDE

SMUGGLED = Cell(SIDE - 1, SIDE - 1, 3)  # nobody may draw this: it hides in a body
PATHS = [
    *("/", "/api/canvas", "/api/canvas/board", "/api/pixel?x=1&y=1", "/api/schema/", "/healthz"),
    *("/readyz", "/api/canvas/changes?since=0", "/c/main/", "/c/nowhere/", "/nowhere", "/admin/"),
    *("/api/canvas/history", "/api/canvas/board.png?scale=2", "/accounts/login/", "/ws/"),
    *("/api/canvas/board?x=1&y=1&width=9&height=9", "/api/blueprints", "/static/nothing.js"),
]
TARGETS = [
    *("*", "", "http://localhost/api/canvas", "http://evil.example/api/canvas", "//evil/", "/%00"),
    *("localhost:80", "/" + "a" * 9000, "/?" + "a=1&" * 3000, "/%ff%fe", "/\xff", "/../../etc"),
    *("/api/canvas#x", "/api/canvas?canvas=%00", "/api/pixel?x=" + "9" * 5000, "/;a=b", "/%2e%2e/"),
    *(
        "/api/canvas?canvas=\u0661",
        "/ api/canvas",
        "/api/canvas\t",
        "?",
        "/%zz",
        "/c/%F0%9F%98%80/",
    ),
    *("/static/../manage.py", "/static/%2e%2e/manage.py", "/admin//", "/admin/\\", "/c/main"),
]
METHODS = [
    *("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "get", ""),
    *("PRI", "BREW", "GET\0", "G" * 100, "M-SEARCH", "PROPFIND", "QUERY"),
]
VERSIONS = ["1.1", "1.0", "0.9", "2.0", "1.2", "9.9", "1", "", "1.1 ", "1.1\t", "a.b"]
HEADERS = [
    *("Host: localhost", "Host: evil.example", "Host: ", "Host: a b", "Host: localhost:99999"),
    *("Host: [::1", "Host: \xff", "Content-Length: 5", "Content-Length: 6", "Content-Length: -1"),
    *("Content-Length: +5", "Content-Length: 0x5", "Content-Length: 5, 5", "Content-Length: "),
    *("Content-Length: 99999999999999999999", "Content-Length : 5", "Transfer-Encoding: chunked"),
    *("Transfer-Encoding: xchunked", "Transfer-Encoding: chunked, identity", "transfer-encoding:"),
    *("Transfer-Encoding: gzip, chunked", "Transfer-Encoding:\x0bchunked", "X: a\r\n folded"),
    *("X: a\r\n\tContent-Length: 5", "Expect: 100-continue", "Expect: 200-ok", "TE: trailers"),
    *("Connection: close", "Connection: keep-alive, close", "Connection: Content-Length"),
    *("Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk"),
    *("Upgrade: websocket\r\nConnection: Upgrade", "Sec-WebSocket-Key: x", "Trailer: X"),
    *("X: " + "y" * 31_000, "X" * 5000 + ": y", "X: \0", "X: \x01", "\xff: y", ": y", "no colon"),
    *("Accept: */*;q=9", "Accept: application/yaml", "Accept: \xff", "Accept-Encoding: gzip;q=x"),
    *("Accept-Language: " + "x-" * 2000, "If-None-Match: \xff", "If-Modified-Since: never"),
    *("Range: bytes=0-0", "Range: bytes=9-1,-5", "Cookie: sessionid=\xff", "Cookie: ;;;=;a=b=c"),
    *("Cookie: " + "a=b;" * 900, "Authorization: Bearer ", "Authorization: Bearer \xff\xfe"),
    *("Authorization: Basic Og==", "X-Forwarded-For: \0", "X-Forwarded-For: " + "1," * 500),
    *("X-Forwarded-Proto: https", "X-Request-ID: " + "a" * 999, "X-Request-Id: \xff\x1b[2J"),
    *("Content-Type: multipart/form-data", "Content-Type: application/json; charset=x"),
    *("Content-Type: multipart/form-data; boundary=" + "-" * 200, "Content-Encoding: gzip"),
    *("Origin: null", "Origin: http://\xff", "X_Under: score", "Content_Length: 5", "Date: now"),
    *("X-HTTP-Method-Override: DELETE", 'Forwarded: for="', "Via: 1.1 " + "x, " * 500),
]
CHUNKS = [
    *(b"5\r\nhello\r\n0\r\n\r\n", b"0\r\n\r\n", b"0\r\nX: trailer\r\n\r\n", b"zz\r\nhello\r\n"),
    *(
        b'5;ext="\r\nhello\r\n0\r\n\r\n',
        b"-5\r\nhello\r\n",
        b"5\nhello\n0\n\n",
        b"ffffffffffffffff\r\n",
    ),
    *(b"00000000000000000005\r\nhello\r\n0\r\n\r\n", b"5 \r\nhello\r\n0\r\n\r\n", b"5\r\nhel"),
    *(b"5\r\nhelloX0\r\n\r\n", b"0\r\n" + b"T: x\r\n" * 500 + b"\r\n", b"1;" + b"e" * 40_000),
    *(
        b"0\r\nContent-Length: 9\r\n\r\n",
        b"0x5\r\nhello\r\n0\r\n\r\n",
        b"\r\n5\r\nhello\r\n0\r\n\r\n",
    ),
]


class Request(NamedTuple):
    """The bytes of a request, and the pixel that it may place."""

    data: bytes
    cell: Cell | None = None


def hostile_request(random: Random) -> Request:
    """Return a request, most of them with something odd."""
    act = random.random()
    if act < 0.12:
        return _order(random)
    if act < 0.22:
        return Request(_smuggling(random))
    if act < 0.30:
        return Request(flipped(random, _head("GET", random.choice(PATHS), [])))
    if act < 0.34:
        return Request(random.choice(PREFACES))
    method = random.choice(METHODS[:3]) if random.random() < 0.7 else random.choice(METHODS)
    target = random.choice(PATHS) if random.random() < 0.6 else random.choice(TARGETS)
    headers = random.sample(HEADERS, random.randrange(5))
    headers += headers[:1] * random.randrange(3)  # the same name twice and more
    version = "1.1" if random.random() < 0.8 else random.choice(VERSIONS)
    body = random.choice([b"", b"", b"hello", *CHUNKS])
    return Request(_head(method, target, headers, version, own=random.random() < 0.8) + body)


PREFACES = [
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(9),
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET /\r\n\r\n",
    b"GET / HTTP/1.1\n\n",
    b"\r\n\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET\t/healthz\tHTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"\0" * 100,
    b"GET / HTTP/1.1\r\n" + b"X: 1\r\n" * 300 + b"\r\n",
    b"*1\r\n$4\r\nPING\r\n",
    b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
]


def _head(
    method: str, target: str, headers: list[str], version: str = "1.1", *, own: bool = True
) -> bytes:
    lines = [f"{method} {target} HTTP/{version}"]
    lines += ["Host: localhost"] if own else []
    return "\r\n".join([*lines, *headers, "", ""]).encode("latin-1", "replace")


def _order(random: Random) -> Request:
    """Return a placement in due form, its body whole or in chunks."""
    cell = Cell(random.randrange(SIDE), random.randrange(SIDE // 2), random.randrange(1, 8))
    body = _body(cell)
    if random.random() < 0.5:
        headers, sent = [f"Content-Length: {len(body)}"], body
    else:
        at = random.randrange(1, len(body))
        parts = [body[:at], body[at:], b""]
        headers = ["Transfer-Encoding: chunked"]
        sent = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)
    return Request(_head("PUT", "/api/pixel", headers) + sent, cell)


def _body(cell: Cell) -> bytes:
    return json.dumps({"x": cell.x, "y": cell.y, "color": PALETTE[cell.color]}).encode()


def _smuggling(random: Random) -> bytes:
    """Return a request in whose body another one hides, for who reads its length otherwise."""
    hidden = _body(SMUGGLED)
    inner = _head("PUT", "/api/pixel", [f"Content-Length: {len(hidden)}"]) + hidden
    coding = random.choice(
        [
            "Transfer-Encoding: chunked",
            "Transfer-Encoding: xchunked",
            "Transfer-Encoding : chunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
            "Transfer-Encoding:\tchunked",
            "transfer-Encoding: CHUNKED",
        ]
    )
    body = b"0\r\n\r\n" + inner
    whole = f"Content-Length: {len(body)}"
    headers = random.choice([[whole, coding], [coding, whole], ["Content-Length: 5", whole]])
    return _head("POST", "/api/pixel", headers) + body


class Answer(NamedTuple):
    """One answer of the pod."""

    status: int
    body: bytes


class NoHttp(Exception):
    """Raised for an answer that is no HTTP."""


def answers_in(data: bytes) -> list[Answer]:
    """Split what came over a connection into answers; raise NoHttp for other bytes.

    The last one may be cut short, and those to HEAD and CONNECT have no body: a head that begins
    where a body is due shows it.
    """
    found = []
    while data:
        head, ended, rest = data.partition(b"\r\n\r\n")
        line, *headers = head.split(b"\r\n")
        words = line.split(b" ", 2)
        if words[0] != b"HTTP/1.1" or len(words[1:2]) != 1 or not words[1].isdigit():
            raise NoHttp(repr(data[:200]))
        if not ended:
            break
        fields = dict(each.lower().split(b": ", 1) for each in headers)
        size = int(fields.get(b"content-length", b"0"))
        if b"chunked" in fields.get(b"transfer-encoding", b""):
            size = len(rest)
        if rest.startswith(b"HTTP/1.1 ") or int(words[1]) < 200:
            size = 0
        found.append(Answer(int(words[1]), rest[:size]))
        data = rest[size:]
    return found
