"""The two groups that moderate, each with the least that it needs."""

from typing import Any

MODERATOR = (
    "canvas.view_canvas",
    "canvas.view_placement",
    "accounts.view_ban",
    "moderation.view_operation",
    "moderation.view_report",
    "moderation.handle_report",
    "moderation.revert_pixels",
    "moderation.fill_area",
    "moderation.protect_area",
    "moderation.freeze_canvas",
    "moderation.ban_person",
    "moderation.view_overview",
)
ADMINISTRATOR = (
    *MODERATOR,
    "canvas.add_canvas",
    "moderation.configure_canvas",
    "moderation.shadow_person",
    "moderation.export_audit",
)
GROUPS = {"moderator": MODERATOR, "administrator": ADMINISTRATOR}


def create_groups(apps: Any) -> None:
    """Make the groups and what they may do; `apps` is Django's registry, or a migration's.

    Permissions are made here as well: Django makes its own only after all migrations.
    """
    for name, rights in GROUPS.items():
        group, _created = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        group.permissions.set([_permission(apps, right) for right in rights])


def _permission(apps: Any, right: str) -> Any:
    app_label, codename = right.split(".")
    model = next(
        model
        for model in apps.get_app_config(app_label).get_models()
        if codename in _codenames(model)
    )
    content_type, _created = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label=app_label, model=model._meta.model_name
    )
    permission, _created = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type,
        codename=codename,
        defaults={"name": _codenames(model)[codename]},
    )
    return permission


def _codenames(model: Any) -> dict[str, str]:
    options = model._meta
    default = {
        f"{action}_{options.model_name}": f"Can {action} {options.verbose_name}"
        for action in options.default_permissions
    }
    return default | dict(options.permissions)
