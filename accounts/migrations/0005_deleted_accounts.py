"""Tell a deleted account from a person who logged out: its name leaves the pods' memory."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_skeleton")]
    operations = [
        migrations.AlterField(
            "expulsion",
            "kind",
            models.CharField(
                choices=[
                    ("banned", "banned"),
                    ("logged_out", "logged_out"),
                    ("deleted", "deleted"),
                ],
                max_length=16,
            ),
        )
    ]
