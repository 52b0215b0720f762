"""Let an undo that failed be followed by another one of the same operation."""

from importlib import import_module

from django.db import migrations, models
from django.db.models.deletion import PROTECT

TRIGGERS = import_module("moderation.migrations.0002_append_only").SQLITE


def forbid_again(apps, schema_editor):
    """Make the triggers anew: SQLite changes a column by making another table."""
    if schema_editor.connection.vendor == "sqlite":
        for name in ("asked_for", "finished"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS moderation_operation_{name}")
        for statement in TRIGGERS:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("moderation", "0007_blueprints")]
    operations = [
        migrations.AlterField(
            "operation",
            "expected",
            models.PositiveBigIntegerField(default=0, help_text="seqs or cells to go through"),
        ),
        migrations.AlterField(
            "operation",
            "undoes",
            models.ForeignKey(
                null=True, on_delete=PROTECT, related_name="undone_by", to="moderation.operation"
            ),
        ),
        migrations.AddConstraint(
            "operation",
            models.UniqueConstraint(
                condition=models.Q(("state", "failed"), _negated=True),
                fields=("undoes",),
                name="operation_undone_once",
            ),
        ),
        migrations.RunPython(forbid_again, migrations.RunPython.noop),
    ]
