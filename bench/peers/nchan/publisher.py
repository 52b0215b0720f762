"""The publisher of nchan: posts Redis' messages in order, over one connection, without waiting."""

import os
import socket
import threading

import redis


def request(message: bytes) -> bytes:
    return (
        b"POST /pub HTTP/1.1\r\nHost: nchan\r\nContent-Length: %d\r\n\r\n" % len(message) + message
    )


def discard(connection: socket.socket) -> None:
    """Read and drop the answers, which only say how many subscribers got a message."""
    while connection.recv(1 << 16):
        pass


def main() -> None:
    nchan = socket.create_connection(("127.0.0.1", int(os.environ["PORT"])))
    threading.Thread(target=discard, args=[nchan], daemon=True).start()
    with redis.Redis.from_url(os.environ["REDIS_URL"]).pubsub() as pubsub:  # type: ignore[no-untyped-call]  # redis-py
        pubsub.subscribe("pixel-updates")
        print("ready", flush=True)
        for message in pubsub.listen():
            if message["type"] == "message":
                nchan.sendall(request(message["data"]))


if __name__ == "__main__":
    main()
