"""Number the changes of a canvas's rules, and keep the rules of each number."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("canvas", "0008_snapshot_clock")]
    operations = [
        migrations.AddField(
            "canvas",
            "revision",
            models.PositiveBigIntegerField(db_default=1, default=1, editable=False),
        ),
        migrations.CreateModel(
            "CanvasRevision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revision", models.PositiveBigIntegerField()),
                (
                    "seq",
                    models.PositiveBigIntegerField(help_text="of the newest placement then"),
                ),
                ("at", models.DateTimeField(help_text="by the database's clock")),
                ("rules", models.JSONField()),
                (
                    "canvas",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revisions",
                        to="canvas.canvas",
                    ),
                ),
            ],
            options={
                "ordering": ["revision"],
                "indexes": [models.Index(fields=["canvas", "seq"], name="revision_seq")],
                "constraints": [
                    models.UniqueConstraint(fields=["canvas", "revision"], name="revision_once")
                ],
            },
        ),
    ]
