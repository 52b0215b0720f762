"""Let the database itself refuse to rewrite the ledger."""

from django.db import migrations

FIXED = "canvas_id, seq, x, y, color, placed_at"

POSTGRESQL = f"""
CREATE FUNCTION canvas_placement_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'placements are append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER canvas_placement_append_only
BEFORE DELETE OR UPDATE OF {FIXED} ON canvas_placement
FOR EACH ROW EXECUTE FUNCTION canvas_placement_is_append_only();
"""

# SQLite has no TRUNCATE: a DELETE trigger there would keep tests from emptying the table.
SQLITE = f"""
CREATE TRIGGER canvas_placement_append_only
BEFORE UPDATE OF {FIXED} ON canvas_placement
BEGIN SELECT RAISE(ABORT, 'placements are append-only'); END;
"""


def forbid_changes(apps, schema_editor):
    statements = {"postgresql": POSTGRESQL, "sqlite": SQLITE}
    schema_editor.execute(statements[schema_editor.connection.vendor])


def allow_changes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION canvas_placement_is_append_only CASCADE")
    else:
        schema_editor.execute("DROP TRIGGER canvas_placement_append_only")


class Migration(migrations.Migration):
    dependencies = [("canvas", "0001_initial")]
    operations = [migrations.RunPython(forbid_changes, allow_changes)]
