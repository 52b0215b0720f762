"""The admin site: log-ins there and passwords are those of `accounts`."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from accounts import attempts


class Site(AdminSite):
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        answer = super().login(request, extra_context)
        if isinstance(answer, TemplateResponse) and request.method == "POST":
            answer.status_code = attempts.status_of((answer.context_data or {})["form"])
        return answer

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Lead to the page of all people, so that there is one where a password is tried."""
        return redirect("password_change")
