"""Name what a name looks like as UTS 39 does: its skeleton. The column stays."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_names")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField("accountname", "look", "skeleton"),
                migrations.AlterField(
                    "accountname",
                    "skeleton",
                    models.CharField(db_column="look", max_length=600, unique=True),
                ),
            ]
        )
    ]
