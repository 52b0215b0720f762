"""Pages on which the rules of a canvas change."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from moderation import operations
from moderation.forms import RetireForm, add_refusal
from moderation.pages.common import for_a_reason, meta_of, operator, page
from moderation.permissions import allowed
from moderation.rights import Right
from runtime.errors import Refused


@require_POST
@allowed(Right.FREEZE)
def freeze(request: HttpRequest, slug: str) -> HttpResponse:
    """Freeze the canvas, or thaw it where it is frozen; `frozen` says what the page showed."""
    meta = meta_of(slug)
    frozen = request.POST.get("frozen") == "1"
    changes = {"frozen": (frozen, not frozen)}
    for_a_reason(request, lambda user, reason: operations.configure(user, slug, changes, reason))
    return redirect("admin:moderation_workbench", meta.slug)


@allowed(Right.CONFIGURE)
def retire(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a colour off the palette; another one is drawn over its pixels."""
    meta = meta_of(slug)
    form = RetireForm(meta, request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            operation = operations.retire(
                operator(request), slug, said["color"], said["stand_in"], said["reason"]
            )
            return redirect("admin:moderation_operation_change", operation.pk)
        except Refused as refusal:
            add_refusal(form, refusal)
    context = {"title": f"Retire a colour of {slug}", "form": form, "act": "Retire"}
    return page(request, "moderation/retire.html", context)
