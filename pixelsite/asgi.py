"""The ASGI application: HTTP, WebSockets, and the pod of this process behind both."""

import os
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pixelsite.settings")
django_application = get_asgi_application()  # before anything imports models

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.sessions import CookieMiddleware  # noqa: E402
from django.conf import settings  # noqa: E402
from django.urls import re_path  # noqa: E402

from canvas.http.board_fast_path import BoardFastPath  # noqa: E402
from canvas.http.sending_deadline import SendingDeadline  # noqa: E402
from canvas.routing import websocket_urlpatterns  # noqa: E402
from pixelsite import lifespan  # noqa: E402
from pixelsite.conf.database import REQUEST_CONNECTIONS  # noqa: E402
from pixelsite.middleware.bulkheads import RequestBulkheads  # noqa: E402
from pixelsite.middleware.detach import DetachedStay  # noqa: E402
from pixelsite.middleware.early_refusals import NulRefuser, no_such_socket  # noqa: E402
from pixelsite.middleware.health import Probes  # noqa: E402
from pixelsite.middleware.origins import SameOriginValidator  # noqa: E402
from pixelsite.middleware.past_limits import PastLimits  # noqa: E402
from pixelsite.observe.request_ids import with_request_id  # noqa: E402
from pixelsite.postgres.pool import serving  # noqa: E402

serving.set(True)
request_connections = (
    settings.DATABASES["default"]["OPTIONS"].get("pool", {}).get("max_size", REQUEST_CONNECTIONS)
)
routes = URLRouter([*websocket_urlpatterns, re_path("", no_such_socket)])  # type: ignore[arg-type]  # for Django it would be a view
django = SendingDeadline(PastLimits(RequestBulkheads(django_application, request_connections)))
http = Probes(NulRefuser(BoardFastPath(django)))
websocket = NulRefuser(SameOriginValidator(CookieMiddleware(routes)))
if settings.TRACES_ENDPOINT:
    from pixelsite.observe import tracing  # an extra: without a collector it is not imported

    http, websocket = tracing.trace_requests(http), tracing.trace_connects(websocket)
router = with_request_id(ProtocolTypeRouter({"http": http, "websocket": DetachedStay(websocket)}))


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Serve one request or socket.

    Daphne, the development server, has no lifespan: there the first request starts the pod.
    """
    if scope["type"] == "lifespan":
        await lifespan.lifespan(receive, send)
    else:
        await lifespan.ensure_started()
        await router(scope, receive, send)
