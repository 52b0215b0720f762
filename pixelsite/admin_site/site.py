"""The admin site: log-ins there and passwords are those of `accounts`."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django_otp import devices_for_user
from django_otp.admin import OTPAdminAuthenticationForm, OTPAdminSite

from accounts import attempts, two_factor
from pixelsite.admin_site.enrolment import enrol

View = Callable[..., HttpResponseBase]

logger = logging.getLogger(__name__)


class TwoFactorForm(OTPAdminAuthenticationForm):  # type: ignore[misc]  # django-otp has no types
    """Name, password and the code of a device; who has one device need not choose it."""

    def _chosen_device(self, user: User) -> Any:
        devices = list(devices_for_user(user))
        return devices[0] if len(devices) == 1 else super()._chosen_device(user)


class Site(AdminSite):
    """Django's site; with STAFF_TWO_FACTOR for people who have given their second factor."""

    @property
    def login_form(self) -> type[AdminAuthenticationForm] | None:  # type: ignore[override]  # by the setting
        return TwoFactorForm if settings.STAFF_TWO_FACTOR else None

    @property
    def login_template(self) -> str | None:  # type: ignore[override]  # by the setting
        return OTPAdminSite.login_template if settings.STAFF_TWO_FACTOR else None

    def has_permission(self, request: HttpRequest) -> bool:
        user: Any = request.user
        return super().has_permission(request) and (
            not settings.STAFF_TWO_FACTOR or user.is_verified()
        )

    def admin_view(self, view: View, cacheable: bool = False) -> Any:
        """Answer 400 where the query, path or form has values that no column takes.

        Django's lists hand them to the database as they are. The log has each: it may be a fault
        of a page as well.
        """

        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                return view(request, *args, **kwargs)
            except (DataError, OverflowError, ValidationError, ValueError) as error:
                logger.warning("a value that no column takes", exc_info=error)
                return HttpResponseBadRequest("This address, or a field, has an impossible value.")

        return super().admin_view(checked, cacheable)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        own = path("two_factor/", self.admin_view(self.enrol), name="two_factor")
        return [own, *super().get_urls()]

    def index(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Lead people with a code for one log-in to the page that sets an authenticator up."""
        user = cast(User, request.user)
        if settings.STAFF_TWO_FACTOR and two_factor.authenticator(user) is None:
            return redirect("admin:two_factor")
        return super().index(request, extra_context)

    def enrol(self, request: HttpRequest) -> HttpResponse:
        """Set up one's own second factor."""
        return enrol(request, self.each_context(request))

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        answer = super().login(request, extra_context)
        if isinstance(answer, TemplateResponse) and request.method == "POST":
            answer.status_code = attempts.status_of((answer.context_data or {})["form"])
        return answer

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Lead to the page of all people, so that there is one where a password is tried."""
        return redirect("password_change")
