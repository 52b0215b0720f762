"""Have the database's clock say when a snapshot was made: pods compare its age with that clock."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("canvas", "0007_client_id")]
    operations = [
        migrations.AlterField(
            "snapshot",
            "created_at",
            models.DateTimeField(help_text="by the database's clock"),
        )
    ]
