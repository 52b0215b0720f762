"""Give rights to groups, in migrations.

Migrations that have run rely on this module: it imports no other code of ours, and what it does
never changes. A later migration of the groups spells out what it gives, as 0003 does:

    from django.db import migrations

    from moderation.migrations._groups import Right, grant

    LOCK = Right("moderation", "operation", "lock_palette", "Can lock a palette and undo that")

    def give(apps, schema_editor):
        grant(apps, "administrator", [LOCK])

    class Migration(migrations.Migration):
        dependencies = [("moderation", "0003_groups")]
        operations = [migrations.RunPython(give, migrations.RunPython.noop)]
"""

from typing import NamedTuple


class Right(NamedTuple):
    """A permission of Django: on a model of an app, with its codename and the name people read."""

    app_label: str
    model: str
    codename: str
    name: str


def grant(apps, group, rights):
    """Add rights to the group of that name; make the group and permissions that are missing.

    `apps` is the registry that the migration got. Django makes its permissions only after all
    migrations have run, and then leaves those as they are that it finds.
    """
    row, _created = apps.get_model("auth", "Group").objects.get_or_create(name=group)
    row.permissions.add(*[_permission(apps, right) for right in rights])


def _permission(apps, right):
    content_type, _created = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label=right.app_label, model=right.model
    )
    permission, _created = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename=right.codename, defaults={"name": right.name}
    )
    return permission
