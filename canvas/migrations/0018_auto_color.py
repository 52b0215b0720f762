"""Let a canvas forbid that the page takes colours for people because their templates want them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("canvas", "0017_smaller_rows")]
    operations = [
        migrations.AddField(
            "canvas",
            "auto_color",
            models.BooleanField(
                "colours by blueprints",
                db_default=True,
                default=True,
                help_text="the page may take for a person the colour that the blueprint wants",
            ),
        ),
    ]
