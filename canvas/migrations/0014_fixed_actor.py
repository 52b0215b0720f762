"""Keep the actor of a placement, let its name only be taken away, and refuse TRUNCATE."""

from django.db import migrations

FIXED = "id, canvas_id, seq, x, y, color, actor, spent, restores, program, placed_at"
FORGOTTEN = "[deleted]"

# IF EXISTS: going back leaves them there.
POSTGRESQL = f"""
DROP TRIGGER IF EXISTS canvas_placement_append_only ON canvas_placement;
DROP TRIGGER IF EXISTS canvas_placement_forgets_only ON canvas_placement;
DROP TRIGGER IF EXISTS canvas_placement_no_truncate ON canvas_placement;
CREATE TRIGGER canvas_placement_append_only
BEFORE DELETE OR UPDATE OF {FIXED} ON canvas_placement
FOR EACH ROW EXECUTE FUNCTION canvas_placement_is_append_only();
CREATE TRIGGER canvas_placement_forgets_only
BEFORE UPDATE OF username ON canvas_placement
FOR EACH ROW WHEN (NEW.username <> '{FORGOTTEN}')
EXECUTE FUNCTION canvas_placement_is_append_only();
CREATE TRIGGER canvas_placement_no_truncate
BEFORE TRUNCATE ON canvas_placement
FOR EACH STATEMENT EXECUTE FUNCTION canvas_placement_is_append_only();
"""

# SQLite has no TRUNCATE: a DELETE trigger there would keep tests from emptying the table.
SQLITE = (
    "DROP TRIGGER IF EXISTS canvas_placement_append_only",
    "DROP TRIGGER IF EXISTS canvas_placement_forgets_only",
    f"""
    CREATE TRIGGER canvas_placement_append_only
    BEFORE UPDATE OF {FIXED} ON canvas_placement
    BEGIN SELECT RAISE(ABORT, 'placements are append-only'); END
    """,
    f"""
    CREATE TRIGGER canvas_placement_forgets_only
    BEFORE UPDATE OF username ON canvas_placement WHEN NEW.username <> '{FORGOTTEN}'
    BEGIN SELECT RAISE(ABORT, 'placements are append-only'); END
    """,
)


def forbid_more(apps, schema_editor):
    statements = {"postgresql": (POSTGRESQL,), "sqlite": SQLITE}
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("canvas", "0013_drop_snapshots")]
    operations = [migrations.RunPython(forbid_more, migrations.RunPython.noop)]
