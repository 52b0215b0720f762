"""The pages of the admin where a list is not enough."""

from django.urls import URLPattern, path, re_path

from moderation.pages import areas, audit, reports, rules, sanctions


def urls() -> list[URLPattern]:
    """Below `/admin/moderation/operation/`."""
    return [
        path("canvas/<slug:slug>/", areas.workbench, name="moderation_workbench"),
        path("canvas/<slug:slug>/revert/", areas.revert, name="moderation_revert"),
        path("canvas/<slug:slug>/fill/", areas.fill, name="moderation_fill"),
        path("canvas/<slug:slug>/protect/", areas.protect, name="moderation_protect"),
        path("canvas/<slug:slug>/unprotect/", areas.unprotect, name="moderation_unprotect"),
        path("canvas/<slug:slug>/freeze/", rules.freeze, name="moderation_freeze"),
        path("canvas/<slug:slug>/retire/", rules.retire, name="moderation_retire"),
        path("<int:pk>/undo/", audit.undo, name="moderation_undo"),
        path("ban/", sanctions.ban, name="moderation_ban"),
        path("unban/<int:pk>/", sanctions.unban, name="moderation_unban"),
        path("report/<int:pk>/claim/", reports.claim, name="moderation_claim"),
        path("report/<int:pk>/release/", reports.release, name="moderation_release"),
        path("report/<int:pk>/resolve/", reports.resolve, name="moderation_resolve"),
        path("overview/", audit.show_overview, name="moderation_overview"),
        re_path(r"^export\.(?P<form>csv|json)$", audit.export_audit, name="moderation_export"),
    ]
