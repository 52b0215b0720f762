"""Let the database itself refuse to rewrite the audit trail."""

from django.db import migrations

FIXED = "id, kind, canvas_id, by, by_name, reason, task, before, undoes_id, created_at, expected"
QUOTED = ", ".join(f'"{name}"' for name in FIXED.split(", "))

POSTGRESQL = f"""
CREATE FUNCTION moderation_operation_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'operations are append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER moderation_operation_asked_for
BEFORE DELETE OR UPDATE OF {QUOTED} ON moderation_operation
FOR EACH ROW EXECUTE FUNCTION moderation_operation_is_append_only();
CREATE TRIGGER moderation_operation_finished
BEFORE UPDATE ON moderation_operation
FOR EACH ROW WHEN (OLD.state <> 'running')
EXECUTE FUNCTION moderation_operation_is_append_only();
"""

# SQLite has no TRUNCATE: a DELETE trigger there would keep tests from emptying the table.
SQLITE = (
    f"""
    CREATE TRIGGER moderation_operation_asked_for
    BEFORE UPDATE OF {QUOTED} ON moderation_operation
    BEGIN SELECT RAISE(ABORT, 'operations are append-only'); END
    """,
    """
    CREATE TRIGGER moderation_operation_finished
    BEFORE UPDATE ON moderation_operation WHEN OLD.state <> 'running'
    BEGIN SELECT RAISE(ABORT, 'operations are append-only'); END
    """,
)


def forbid_changes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)
    else:
        for statement in SQLITE:
            schema_editor.execute(statement)


def allow_changes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION moderation_operation_is_append_only CASCADE")
    else:
        schema_editor.execute("DROP TRIGGER moderation_operation_asked_for")
        schema_editor.execute("DROP TRIGGER moderation_operation_finished")


class Migration(migrations.Migration):
    dependencies = [("moderation", "0001_initial")]
    operations = [migrations.RunPython(forbid_changes, allow_changes)]
