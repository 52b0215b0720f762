"""The pages of the admin that Django does not make: those of the acts, and those around them."""

from django.urls import URLPattern, path, re_path
from django.views.decorators.http import require_POST

from moderation.acts.act import Act, AreaAct
from moderation.acts.table import ACTS
from moderation.pages import areas, audit, blueprints, overview, reports, workbench
from moderation.permissions import View, allowed


def urls() -> list[URLPattern]:
    """Return the URLs below `/admin/moderation/operation/`."""
    return [
        *[path(act.path, view_of(act), name=f"moderation_{act.name}") for act in ACTS if act.path],
        path("canvas/<slug:slug>/", workbench.workbench, name="moderation_workbench"),
        path("canvas/<slug:slug>/look/", workbench.look, name="moderation_look"),
        path("<int:pk>/undo/", audit.undo, name="moderation_undo"),
        path("report/<int:pk>/claim/", reports.claim, name="moderation_claim"),
        path("report/<int:pk>/release/", reports.release, name="moderation_release"),
        path(
            "blueprint/picture/<str:sha256>.png",
            blueprints.picture,
            name="moderation_blueprint_picture",
        ),
        path("overview/", overview.overview, name="moderation_overview"),
        re_path(r"^export\.(?P<form>csv|json)$", audit.export, name="moderation_export"),
    ]


def view_of(act: Act) -> View:
    """Return the page of an act, for people with its right."""
    page = areas.page_of(act) if isinstance(act, AreaAct) else act.page
    assert page is not None  # noqa: S101 - an act with a path has a page
    view = allowed(act.right)(page)
    return view if act.has_form else require_POST(view)
