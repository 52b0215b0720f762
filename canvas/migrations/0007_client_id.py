"""Name the id of a retry `client_id`: `operation` is moderation's word. The column stays."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("canvas", "0006_restores_index")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint("placement", "placement_operation"),
                migrations.RenameField("placement", "operation", "client_id"),
                migrations.AlterField(
                    "placement",
                    "client_id",
                    models.CharField(db_column="operation", max_length=64, null=True),
                ),
                migrations.AddConstraint(
                    "placement",
                    models.UniqueConstraint(
                        fields=["canvas", "actor", "client_id"],
                        condition=Q(client_id__isnull=False),
                        name="placement_operation",
                    ),
                ),
            ]
        )
    ]
