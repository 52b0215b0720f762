"""Make the two groups that moderate.

Their rights are frozen here as they were: `moderation.roles` may change. Later migrations change
the groups, by the same helper.
"""

from django.db import migrations

from moderation.migrations._groups import Right, grant

MODERATOR = [
    Right("canvas", "canvas", "view_canvas", "Can view canvas"),
    Right("canvas", "placement", "view_placement", "Can view placement"),
    Right("accounts", "ban", "view_ban", "Can view ban"),
    Right("moderation", "operation", "view_operation", "Can view operation"),
    Right("moderation", "report", "view_report", "Can view report"),
    Right("moderation", "report", "handle_report", "Can claim, release and resolve reports"),
    Right("moderation", "operation", "revert_pixels", "Can revert pixels and undo that"),
    Right("moderation", "operation", "fill_area", "Can fill and clear an area and undo that"),
    Right("moderation", "operation", "protect_area", "Can protect an area and undo that"),
    Right("moderation", "operation", "freeze_canvas", "Can freeze and thaw a canvas"),
    Right("moderation", "operation", "ban_person", "Can ban people and networks, and lift bans"),
    Right("moderation", "operation", "view_overview", "Can see the overview"),
]
ADMINISTRATOR = [
    *MODERATOR,
    Right("canvas", "canvas", "add_canvas", "Can add canvas"),
    Right("moderation", "operation", "configure_canvas", "Can change size, palette and cooldown of a canvas"),
    Right("moderation", "operation", "shadow_person", "Can put people on the shadow list"),
    Right("moderation", "operation", "export_audit", "Can export the audit trail"),
]


def create(apps, schema_editor):
    grant(apps, "moderator", MODERATOR)
    grant(apps, "administrator", ADMINISTRATOR)


class Migration(migrations.Migration):
    dependencies = [
        ("moderation", "0002_append_only"),
        ("accounts", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("canvas", "0005_moderation"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
