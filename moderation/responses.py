"""Answers of the moderators' pages."""

from collections.abc import Callable, Mapping
from typing import Any, NotRequired, TypedDict, TypeVar

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from moderation.forms.reason import ReasonForm
from moderation.models import Operation
from moderation.permissions import held_by
from moderation.requests import operator
from runtime.errors import Refused

Result = TypeVar("Result")


class FormContext(TypedDict):
    """The context of `moderation/form.html` beside the form; `act` labels the button."""

    title: str
    act: str
    intro: NotRequired[str]


def page(
    request: HttpRequest, template: str, context: Mapping[str, object], status: int = 200
) -> HttpResponse:
    """Render a template of ours as a page of the admin; `may` tells it what the person may do."""
    common = {**admin.site.each_context(request), "may": held_by(request.user)}
    return render(request, template, {**common, **context}, status=status)


def show_operation(operation: Operation) -> HttpResponse:
    """Redirect to the page of an operation in the audit trail."""
    return redirect("admin:moderation_operation_change", operation.pk)


def form_page(
    request: HttpRequest,
    form: ReasonForm,
    act: Callable[[User, dict[str, Any]], Operation],
    context: FormContext,
) -> HttpResponseBase:
    """Carry out an act with the cleaned data of its form, or show the form with what is wrong."""
    if form.is_valid():
        try:
            return show_operation(act(operator(request), form.cleaned_data))
        except Refused as refusal:
            form.add_refusal(refusal)
        except ValidationError as error:
            form.add_error(None, error)
    return page(request, "moderation/form.html", {**context, "form": form})


def carry_out(request: HttpRequest, act: Callable[[User, str], Result]) -> Result | None:
    """Carry out an act without a page of its own, for the reason in the request.

    Return None, after messages for the next page, when it could not be done.
    """
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            return act(operator(request), form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_refusal(refusal)
    for field, errors in form.errors.items():
        for error in errors:
            messages.error(request, str(error) if field == "__all__" else f"{field}: {error}")
    return None
