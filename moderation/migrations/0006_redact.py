"""Give administrators the right to hide areas of the past."""

from django.db import migrations

from moderation.migrations._groups import Right, grant

REDACT = Right("moderation", "operation", "redact_past", "Can keep an area of the past from being shown and undo that")


def give(apps, schema_editor):
    grant(apps, "administrator", [REDACT])


class Migration(migrations.Migration):
    dependencies = [("moderation", "0005_no_truncate")]
    operations = [
        migrations.AlterModelOptions(
            name="operation",
            options={
                "default_permissions": ["view"],
                "ordering": ["-id"],
                "permissions": [
                    ("revert_pixels", "Can revert pixels and undo that"),
                    ("fill_area", "Can fill and clear an area and undo that"),
                    ("protect_area", "Can protect an area and undo that"),
                    ("freeze_canvas", "Can freeze and thaw a canvas"),
                    ("configure_canvas", "Can change size, palette and cooldown of a canvas"),
                    ("redact_past", "Can keep an area of the past from being shown and undo that"),
                    ("ban_person", "Can ban people and networks, and lift bans"),
                    ("shadow_person", "Can put people on the shadow list"),
                    ("export_audit", "Can export the audit trail"),
                    ("view_overview", "Can see the overview"),
                ],
            },
        ),
        migrations.RunPython(give, migrations.RunPython.noop),
    ]
