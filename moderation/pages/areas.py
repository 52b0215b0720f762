"""The pages of the acts on an area."""

from django.http import HttpRequest, HttpResponseBase

from moderation.acts.act import AreaAct
from moderation.forms.area import AreaForm
from moderation.pages.workbench import show
from moderation.permissions import View
from moderation.requests import meta_of, operator
from moderation.responses import show_operation
from runtime.errors import Refused


def page_of(act: AreaAct) -> View:
    """Return a view that carries out an act with the form of the workbench."""

    def page(request: HttpRequest, slug: str) -> HttpResponseBase:
        meta = meta_of(slug)
        form = AreaForm(meta, request.POST, needs=act.needs)
        if form.is_valid():
            if act.dry_run is not None and "confirm" not in request.POST:
                return act.dry_run(request, meta, form)
            try:
                return show_operation(act.do(operator(request), meta, form))
            except Refused as refusal:
                form.add_refusal(refusal)
        return show(request, meta, form)

    return page
