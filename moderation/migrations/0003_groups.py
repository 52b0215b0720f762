from django.db import migrations

from moderation.roles import create_groups


def create(apps, schema_editor):
    create_groups(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("moderation", "0002_append_only"),
        ("accounts", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("canvas", "0005_moderation"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
