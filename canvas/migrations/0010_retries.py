"""Keep the ids of retries in a table of their own: a day of them, not the whole past."""

import django.db.models.deletion
from django.db import migrations, models

FIXED = "canvas_id, seq, x, y, color, placed_at, restores"


def keep_append_only(apps, schema_editor):
    """SQLite makes the table anew to drop a column, and loses its trigger."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER IF EXISTS canvas_placement_append_only")
        schema_editor.execute(
            f"""
            CREATE TRIGGER canvas_placement_append_only
            BEFORE UPDATE OF {FIXED} ON canvas_placement
            BEGIN SELECT RAISE(ABORT, 'placements are append-only'); END
            """
        )


class Migration(migrations.Migration):
    dependencies = [("canvas", "0009_revisions")]
    operations = [
        migrations.CreateModel(
            "Retry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("actor", models.CharField(max_length=64)),
                ("client_id", models.CharField(max_length=96)),
                ("seq", models.PositiveBigIntegerField()),
                ("at", models.DateTimeField(db_index=True, help_text="by the database's clock")),
                (
                    "canvas",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="retries",
                        to="canvas.canvas",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "retries",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["canvas", "actor", "client_id"], name="retry_once"
                    )
                ],
            },
        ),
        migrations.RemoveConstraint("placement", "placement_operation"),
        migrations.RemoveField("placement", "client_id"),
        migrations.RunPython(keep_append_only, migrations.RunPython.noop),
    ]
