"""Refuse to empty the audit trail."""

from django.db import migrations

POSTGRESQL = """
CREATE TRIGGER moderation_operation_no_truncate
BEFORE TRUNCATE ON moderation_operation
FOR EACH STATEMENT EXECUTE FUNCTION moderation_operation_is_append_only();
"""


def forbid(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)


def allow(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "DROP TRIGGER moderation_operation_no_truncate ON moderation_operation"
        )


class Migration(migrations.Migration):
    dependencies = [("moderation", "0004_report_area")]
    operations = [migrations.RunPython(forbid, allow)]
