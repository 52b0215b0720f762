"""Limits of what one network may have of the past: counted before a request waits for its turn.

Few wait there, for all people. A network that floods it is told so at once, and keeps nobody out.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

from django.urls import Resolver404, resolve

from accounts import limits
from accounts.addresses import address_of_scope, site_of
from accounts.errors import LimitReached
from canvas.domain.errors import Busy
from canvas.http.network_limits import CountedAhead, limits_of
from pixelsite.middleware.bulkheads import PAST
from pixelsite.middleware.refusal_responses import answer_of
from pixelsite.observe import metrics
from runtime.answers import respond
from runtime.errors import Refused
from runtime.hold_count import HoldCount

Scope = Mapping[str, Any]
Application = Callable[[Any, Any, Any], Awaitable[None]]

AT_ONCE = 8  # requests for the past of one network, until their answers begin: a browser makes six


class PastLimits:
    """ASGI middleware: refuses a network beyond its limit of pictures, or its places at once."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._places = HoldCount()  # of networks

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if not PAST.match(scope["path"]):
            await self._application(scope, receive, send)
            return
        address = address_of_scope(scope)
        network = site_of(address)
        if refusal := await self._refusal(scope, address, network):
            await respond(answer_of(scope["path"], refusal), send)
        else:
            await self._serve(network, scope, receive, send)

    async def _refusal(self, scope: Scope, address: str, network: str) -> Refused | None:
        if wait := await wait_of(scope, address):
            return LimitReached(wait)
        if self._places[network] >= AT_ONCE:
            metrics.requests_refused.labels("past").inc()
            return Busy("Too many requests of your network; try again.")
        return None

    async def _serve(self, network: str, scope: Scope, receive: Any, send: Any) -> None:
        self._places.hold(network)
        has_begun = False

        def begin() -> None:
            nonlocal has_begun
            if not has_begun:
                has_begun = True
                self._places.let_go(network)

        async def send_outside(message: Any) -> None:
            begin()
            await send(message)

        try:
            await self._application(scope, receive, send_outside)
        finally:
            begin()


async def wait_of(scope: Scope, address: str) -> int:
    """Count a request whose view is counted ahead; return the ms that its network has to wait."""
    view = view_of(scope["path"])
    if view is None:
        return 0
    asked = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    counted = limits_of(view.makes(asked), address)
    (wait,) = await limits.here().admit([counted])
    return wait


def view_of(path: str) -> type[CountedAhead] | None:
    """Return the view of a path, where it is counted ahead."""
    try:
        view = getattr(resolve(path).func, "cls", None)
    except Resolver404:
        return None
    return view if isinstance(view, type) and issubclass(view, CountedAhead) else None
