"""Seal the ledger in segments, and let it know what programs drew; that stays as it is, too."""

import django.db.models.deletion
from django.db import migrations, models

FIXED = "canvas_id, seq, x, y, color, placed_at, restores"


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
    for statement in statements(f"{FIXED}, program")[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def loosen(apps, schema_editor):
    for statement in statements(FIXED)[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("canvas", "0010_retries")]
    operations = [
        migrations.AddField(
            "placement", "program", models.BooleanField(db_default=False, default=False)
        ),
        migrations.RunPython(fix, loosen),
        migrations.CreateModel(
            "Segment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_seq", models.PositiveBigIntegerField()),
                ("count", models.PositiveIntegerField()),
                ("placed_from", models.PositiveBigIntegerField()),
                ("placed_to", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("board_after", models.CharField(max_length=64)),
                ("width", models.PositiveSmallIntegerField()),
                ("height", models.PositiveSmallIntegerField()),
                ("size", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                (
                    "canvas",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="segments",
                        to="canvas.canvas",
                    ),
                ),
            ],
            options={
                "ordering": ["first_seq"],
                "indexes": [models.Index(fields=["canvas", "sha256"], name="segment_hash")],
                "constraints": [
                    models.UniqueConstraint(fields=["canvas", "first_seq"], name="segment_once")
                ],
            },
        ),
    ]
