"""Fields of a canvas for moderation; the trigger keeps `restores` as fixed as the rest."""

from django.db import migrations, models

FIXED = "canvas_id, seq, x, y, color, placed_at"


def statements(fixed):
    return {
        "postgresql": [
            "DROP TRIGGER canvas_placement_append_only ON canvas_placement",
            f"""
            CREATE TRIGGER canvas_placement_append_only
            BEFORE DELETE OR UPDATE OF {fixed} ON canvas_placement
            FOR EACH ROW EXECUTE FUNCTION canvas_placement_is_append_only()
            """,
        ],
        "sqlite": [
            "DROP TRIGGER IF EXISTS canvas_placement_append_only",
            f"""
            CREATE TRIGGER canvas_placement_append_only
            BEFORE UPDATE OF {fixed} ON canvas_placement
            BEGIN SELECT RAISE(ABORT, 'placements are append-only'); END
            """,
        ],
    }


def fix(apps, schema_editor):
    for statement in statements(f"{FIXED}, restores")[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def loosen(apps, schema_editor):
    for statement in statements(FIXED)[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("canvas", "0004_pace")]
    operations = [
        migrations.AddField("canvas", "protected", models.JSONField(default=list, editable=False)),
        migrations.AddField("canvas", "retired", models.JSONField(default=list, editable=False)),
        migrations.AddField("placement", "restores", models.PositiveBigIntegerField(null=True)),
        migrations.RunPython(fix, loosen),
    ]
