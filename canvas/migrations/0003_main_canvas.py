from django.db import migrations


def create(apps, schema_editor):
    apps.get_model("canvas", "Canvas").objects.get_or_create(slug="main")


class Migration(migrations.Migration):
    dependencies = [("canvas", "0002_append_only")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
