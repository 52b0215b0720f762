"""Keep what each person has spent in a table of its own, by a clock that never goes back.

And drop the indexes of the canvas alone, which others begin with.
"""

from datetime import timedelta

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Now

FIXED = "id, canvas_id, seq, x, y, color, actor, restores, program, placed_at"
FORGOTTEN = "[deleted]"

POSTGRESQL = (
    "DROP TRIGGER IF EXISTS canvas_placement_append_only ON canvas_placement",
    f"""
    CREATE TRIGGER canvas_placement_append_only
    BEFORE DELETE OR UPDATE OF {FIXED} ON canvas_placement
    FOR EACH ROW EXECUTE FUNCTION canvas_placement_is_append_only()
    """,
)
# SQLite makes the table anew to drop a column, and loses its triggers.
SQLITE = (
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

STEP = 10_000  # rows of the ledger that one statement looks at
MAX_ROWS = 1_000_000  # looked at on one canvas; what came before them counts as back


def carry_over(apps, schema_editor):
    """Take what people have spent from the newest placement of each, as long ago as it counts."""
    spent_charges = apps.get_model("canvas", "SpentCharges").objects
    for canvas in apps.get_model("canvas", "Canvas").objects.annotate(now=Now()):
        since = canvas.now - window(canvas)
        for last in range(canvas.seq, max(0, canvas.seq - MAX_ROWS), -STEP):
            newest, oldest = newest_of_each(apps, canvas, last)
            spent_charges.bulk_create(newest, ignore_conflicts=True)
            if oldest is not None and oldest < since:
                break


def newest_of_each(apps, canvas, last):
    """Return each person's newest row among STEP of them, and the time of the oldest one."""
    placement, spent_charges = (
        apps.get_model("canvas", name) for name in ("Placement", "SpentCharges")
    )
    rows = placement.objects.filter(canvas_id=canvas.pk, seq__lte=last, seq__gt=last - STEP)
    newest, oldest = {}, None
    for actor, charges, at in rows.order_by("-seq").values_list("actor", "spent", "placed_at"):
        oldest = at
        if actor not in newest and not actor.startswith("operation:"):
            newest[actor] = spent_charges(
                canvas_id=canvas.pk, actor=actor, charges=charges, at=min(at, canvas.now)
            )
    return newest.values(), oldest


def window(canvas):
    """Return the time after which all charges are back, for accounts and guests alike."""
    own, guests = canvas.own_cooldown_ms, canvas.own_guest_cooldown_ms
    cooldown = round(settings.CANVAS_COOLDOWN_SECONDS * 1000) if own is None else own
    return timedelta(milliseconds=max(cooldown, guests or 0) * canvas.charges)


def leave_out_spent(apps, schema_editor):
    """Take the column out of the trigger: it would go with the column."""
    if schema_editor.connection.vendor == "postgresql":
        for statement in POSTGRESQL:
            schema_editor.execute(statement)


def keep_append_only(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for statement in SQLITE:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("canvas", "0014_fixed_actor")]
    operations = [
        migrations.AddField("canvas", "clock", models.DateTimeField(null=True, editable=False)),
        migrations.AddField(
            "canvas", "clock_source", models.DateTimeField(null=True, editable=False)
        ),
        migrations.CreateModel(
            "SpentCharges",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "canvas_id",
                        "actor",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("actor", models.CharField(max_length=64)),
                ("charges", models.FloatField()),
                ("at", models.DateTimeField()),
                (
                    "canvas",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="spent_charges",
                        to="canvas.canvas",
                    ),
                ),
            ],
            options={"verbose_name_plural": "spent charges"},
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.RunPython(leave_out_spent, migrations.RunPython.noop),
        migrations.RemoveField("placement", "spent"),
        migrations.AlterField(
            "placement",
            "canvas",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="placements",
                to="canvas.canvas",
            ),
        ),
        migrations.AlterField(
            "retry",
            "canvas",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="retries",
                to="canvas.canvas",
            ),
        ),
        migrations.RunPython(keep_append_only, migrations.RunPython.noop),
    ]
