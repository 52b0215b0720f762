"""The gate of the admin: the hosts and networks from which there is one."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase

from accounts import attempts
from accounts.addresses import address_of, is_of_admins


class AdminGate:
    """Django middleware: 404 where ADMIN_HOSTS or ADMIN_NETWORKS leave the admin out.

    A banned network gets 403, with a session and without, but for `attempts.ban_of`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        match = request.resolver_match
        if match is not None and match.app_name == "admin":
            check(request)


def check(request: HttpRequest) -> None:
    """Raise Http404 from another host or network, PermissionDenied from a banned one."""
    if settings.ADMIN_HOSTS and request.get_host().lower() not in settings.ADMIN_HOSTS:
        raise Http404
    if settings.ADMIN_NETWORKS and not is_of_admins(address_of(request)):
        raise Http404
    if ban := attempts.ban_of(request):
        raise PermissionDenied(f"Your network is banned: {ban.reason}")
