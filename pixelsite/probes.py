"""Probes of Kubernetes or a load balancer, which come by address and over plain HTTP."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from pixelsite import health
from pixelsite.observe.paths import HEALTH, READINESS

PROBES = {HEALTH: health.alive, READINESS: health.ready}


class ProbeMiddleware:
    """Django middleware, the first one: probes are answered whatever host they name.

    They tell nothing but their own answer; all other paths go on to the check of hosts.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return PROBES.get(request.path_info, self._get_response)(request)
