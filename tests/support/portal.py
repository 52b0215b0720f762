"""A network in front of a server that answers some requests itself, as hotels and blockers do."""

import re
import socket
import threading
from contextlib import closing, suppress
from typing import Self

from tests.support.processes import free_port

LOGIN = b"<!doctype html><title>Hotel</title><a href='/login'>Log in to this network</a>"
LOGIN_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n"
ALWAYS, NEVER = re.compile(rb""), re.compile(rb"(?!)")
REFUSAL = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\nConnection: close\r\n\r\nGone"
CHUNK = 65536  # bytes


class Portal:
    """Passes each request on to a server of this machine, over a connection of its own.

    While `speaks` is cleared nothing is passed on, and no connection ends.
    `asks_to_log_in` gets the login page of a network, with status 200; `refuses` gets a 403 of a
    proxy; on `hangs_up` the connection ends, and `says_nothing` gets no answer. All are patterns
    of a request's head, and may change at any time.
    """

    def __init__(self, base_url: str) -> None:
        self.asks_to_log_in = self.hangs_up = self.says_nothing = self.refuses = NEVER
        self.silent = self.refused = 0
        self.asked = 0
        self.speaks = threading.Event()
        self.speaks.set()
        self._far = int(base_url.rpartition(":")[2])
        self._listener = socket.create_server(("127.0.0.1", free_port()))
        self.base_url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *raised: object) -> None:
        self.speaks.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=[near], daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        with closing(near), suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                if not (data := near.recv(CHUNK)):
                    return
                head += data
            if self.hangs_up.search(head):
                return
            if self.says_nothing.search(head):
                self.silent += 1
                near.recv(CHUNK)  # until the client gives up
            elif self.refuses.search(head):
                self.refused += 1
                near.sendall(REFUSAL)
            elif self.asks_to_log_in.search(head):
                self.asked += 1
                near.sendall(LOGIN_HEAD + LOGIN)
            else:
                self._pass_on(near, head)

    def _pass_on(self, near: socket.socket, head: bytes) -> None:
        """Have the server close after its answer, so that the next request is seen here too."""
        head = head.replace(b"Connection: keep-alive", b"Connection: close", 1)
        with socket.create_connection(("127.0.0.1", self._far)) as far:
            far.sendall(head)
            threading.Thread(target=self._pass, args=[near, far], daemon=True).start()
            self._pass(far, near)

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(CHUNK):
                self.speaks.wait()
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)
