"""Protect the names of the accounts that there are.

The rule for names that look alike is frozen here as it was: `accounts.names` may change.
"""

import unicodedata

from confusable_homoglyphs.confusables import confusables_data
from django.db import migrations


def look_of(name):
    shapes = "".join(map(shape, unicodedata.normalize("NFKD", name)))
    return "".join(map(shape, shapes.casefold())).casefold().replace("i", "l")[:600]


def shape(character):
    if unicodedata.combining(character) or unicodedata.category(character)[0] in "CZ":
        return ""
    alike = [str(each["c"]) for each in confusables_data.get(character, ())]
    if len(alike) != 1:
        return character
    (other,) = alike
    back = confusables_data.get(other, ())
    return min(character, other) if [each["c"] for each in back] == [character] else other


def protect_names(apps, schema_editor):
    AccountName = apps.get_model("accounts", "AccountName")
    for user in apps.get_model("auth", "User").objects.order_by("pk").iterator():
        look = look_of(user.username)
        if not AccountName.objects.filter(look=look).exists():
            AccountName.objects.create(user=user, look=look)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_accounts"), ("auth", "0001_initial")]
    operations = [migrations.RunPython(protect_names, migrations.RunPython.noop)]
