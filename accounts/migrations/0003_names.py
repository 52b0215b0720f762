"""Protect the names of the accounts that there are."""

from django.db import migrations

from accounts.names import look_of


def protect_names(apps, schema_editor):
    AccountName = apps.get_model("accounts", "AccountName")
    for user in apps.get_model("auth", "User").objects.order_by("pk").iterator():
        look = look_of(user.username)
        if not AccountName.objects.filter(look=look).exists():
            AccountName.objects.create(user=user, look=look)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_accounts"), ("auth", "0001_initial")]
    operations = [migrations.RunPython(protect_names, migrations.RunPython.noop)]
