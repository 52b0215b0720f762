"""Let the list of segments tell when moderation drew; `manage.py seal` fills in those there are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("canvas", "0018_auto_color")]
    operations = [
        migrations.AddField(
            "segment",
            "moderated",
            models.PositiveBigIntegerField(
                help_text="bits of equal parts of its time: 1 where moderation drew", null=True
            ),
        ),
    ]
