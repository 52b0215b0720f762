"""uvicorn's WebSocket protocol, with less memory for each socket and an end for silent clients."""

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

CLOSE_TIMEOUT = 1.0  # seconds that a close frame may take to leave


class LeanWebSocket(WebSocketsSansIOProtocol):
    """A WebSocket that drops a client which acknowledges but never reads.

    uvicorn closes its transport when pings stay unanswered, but a close waits until the buffer
    is empty, which never happens for such a client. uvicorn also keeps the headers of the
    handshake for as long as the socket is open (4 KB); here they go once it is accepted.
    """

    def start_keepalive(self) -> None:
        """Drop the headers; uvicorn calls this once, when the socket is accepted."""
        super().start_keepalive()
        for message in (self.request, self.response):
            message.headers.clear()

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self.loop.call_later(CLOSE_TIMEOUT, self.transport.abort)
