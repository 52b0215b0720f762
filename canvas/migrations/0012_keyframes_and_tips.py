"""Store boards that were folded from the ledger: keyframes for ever, and a tip each canvas."""

import django.db.models.deletion
from django.db import migrations, models

BOARD = [
    (
        "id",
        models.BigAutoField(
            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
        ),
    ),
    ("seq", models.PositiveBigIntegerField()),
    ("revision", models.PositiveBigIntegerField()),
    ("width", models.PositiveSmallIntegerField()),
    ("height", models.PositiveSmallIntegerField()),
    ("sha256", models.CharField(max_length=64)),
    ("size", models.PositiveIntegerField()),
    ("cells", models.BinaryField()),
]


class Migration(migrations.Migration):
    dependencies = [("canvas", "0011_segments")]
    operations = [
        migrations.CreateModel(
            "Tip",
            fields=[
                *BOARD,
                ("stored_at", models.DateTimeField(help_text="by the database's clock")),
                (
                    "canvas",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tip",
                        to="canvas.canvas",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            "Keyframe",
            fields=[
                *((name, field.clone()) for name, field in BOARD),
                (
                    "canvas",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="keyframes",
                        to="canvas.canvas",
                    ),
                ),
            ],
            options={
                "ordering": ["seq", "revision"],
                "indexes": [models.Index(fields=["canvas", "sha256"], name="keyframe_hash")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["canvas", "seq", "revision"], name="keyframe_once"
                    )
                ],
            },
        ),
    ]
