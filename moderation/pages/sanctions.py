"""Pages on which people are banned, and bans lifted."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from accounts.models import Ban
from moderation import sanctions
from moderation.forms import BanForm, UnbanForm, add_refusal
from moderation.pages.common import operator, page
from moderation.permissions import allowed, require
from moderation.rights import Right
from runtime.errors import Refused


@allowed(Right.BAN)
def ban(request: HttpRequest) -> HttpResponse:
    may_shadow = request.user.has_perm(Right.SHADOW)
    person = {"person": request.GET.get("person", "")}
    form = BanForm(request.POST or None, may_shadow=may_shadow, initial=person)
    if form.is_valid():
        try:
            operation = sanctions.ban(operator(request), **form.cleaned_data)
            return redirect("admin:moderation_operation_change", operation.pk)
        except Refused as refusal:
            add_refusal(form, refusal)
        except ValidationError as error:
            form.add_error(None, error)
    return page(request, "moderation/form.html", {"title": "Ban", "form": form, "act": "Ban"})


@allowed(Right.BAN)
def unban(request: HttpRequest, pk: int) -> HttpResponse:
    lifted = get_object_or_404(Ban, pk=pk)
    if lifted.shadow:
        require(request, Right.SHADOW)
    form = UnbanForm(request.POST or None)
    if form.is_valid():
        try:
            operation = sanctions.unban(operator(request), lifted, **form.cleaned_data)
            return redirect("admin:moderation_operation_change", operation.pk)
        except Refused as refusal:
            add_refusal(form, refusal)
    context = {"title": f"Lift the ban of {lifted}", "form": form, "act": "Lift the ban"}
    return page(request, "moderation/form.html", context)
