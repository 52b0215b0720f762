"""The rights of the role that pods use, which owns no table: granted by `manage.py migrate`.

The database refuses a pod what no pod does: no TRUNCATE, no DROP, no trigger switched off, and of
ledger, trail and bans only what their laws allow. Pods of the version before run while these are
granted, so a right goes one release after its last use.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from canvas.ledger import loading

READ = "SELECT"
APPEND = "SELECT, INSERT"
WRITE = "SELECT, INSERT, UPDATE, DELETE"

# Of a table that does not stand here a pod sees nothing.
RIGHTS = {
    # the ledger, and what is sealed of it
    "canvas_placement": f"{APPEND}, UPDATE (username)",
    "canvas_canvasrevision": APPEND,
    "canvas_segment": f"{APPEND}, UPDATE (content, size, moderated)",
    "canvas_keyframe": f"{APPEND}, UPDATE (seq, revision, width, height, sha256, size, cells)",
    "canvas_tip": WRITE,
    "canvas_canvas": f"{APPEND}, UPDATE",
    "canvas_spentcharges": WRITE,
    "canvas_retry": WRITE,
    "canvas_forgetting": WRITE,
    # moderation
    "moderation_operation": f"{APPEND}, UPDATE (state, position, looked_at, written, after, fault,"
    " finished_at)",
    "moderation_report": f"{APPEND}, UPDATE",
    "django_admin_log": f"{APPEND}, DELETE",  # those of an account that goes
    # people
    "auth_user": WRITE,
    "auth_user_groups": "SELECT, INSERT, DELETE",
    "auth_user_user_permissions": "SELECT, INSERT, DELETE",
    "auth_group": READ,
    "auth_group_permissions": READ,
    "auth_permission": READ,
    "accounts_ban": f"{APPEND}, UPDATE (created_by_id, lifted_at, lifted_by_id)",
    "accounts_expulsion": WRITE,
    "accounts_accountname": WRITE,
    "accounts_accesstoken": WRITE,
    "accounts_revision": f"{APPEND}, UPDATE",
    "otp_static_staticdevice": WRITE,
    "otp_static_statictoken": WRITE,
    "otp_totp_totpdevice": WRITE,
    # blueprints
    "blueprints_blueprint": WRITE,
    "blueprints_coeditor": WRITE,
    "blueprints_picture": WRITE,
    "blueprints_version": WRITE,
    # Django's own
    "django_content_type": READ,
    "django_migrations": READ,
    "django_session": WRITE,
}


def before_migrating(using: str, **_: Any) -> None:
    """Refuse a role that cannot be granted rights, before anything is migrated."""
    if settings.DATABASE_POD_ROLE:
        check_role(connections[using], settings.DATABASE_POD_ROLE)


def after_migrating(using: str, **_: Any) -> None:
    """Give the pods' role its rights to the tables that there are now."""
    if settings.DATABASE_POD_ROLE:
        grant(connections[using], settings.DATABASE_POD_ROLE)


def check_role(connection: BaseDatabaseWrapper, role: str) -> None:
    """Raise CommandError for a role that rights cannot be granted to."""
    if connection.vendor != "postgresql":
        raise CommandError("DATABASE_POD_ROLE needs PostgreSQL: SQLite has no roles.")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [role]
        )
        own, is_there = cursor.fetchone()
    if own == role:
        raise CommandError(
            f"DATABASE_POD_ROLE is {role!r}, which migrates here: pods need a role of their own, "
            "and DATABASE_URL of `migrate` names the one that owns the tables."
        )
    if not is_there:
        raise CommandError(
            f"DATABASE_POD_ROLE: there is no role {role!r}; CREATE ROLE … LOGIN makes one."
        )


def grant(connection: BaseDatabaseWrapper, role: str) -> None:
    """Give the role exactly the rights that a pod needs; those that it had besides go."""
    name = connection.ops.quote_name
    to, tables = name(role), set(connection.introspection.table_names())
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        schema = name(cursor.fetchone()[0])
        cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {to}")
        cursor.execute(f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM {to}")
        cursor.execute(f"GRANT USAGE ON SCHEMA {schema} TO {to}")
        for table in RIGHTS.keys() & tables:
            cursor.execute(f"GRANT {RIGHTS[table]} ON {schema}.{name(table)} TO {to}")


def is_owner(connection: BaseDatabaseWrapper) -> bool:
    """Tell whether the role of this process could empty the ledger, as a pod never has to."""
    return connection.vendor == "postgresql" and loading.may_load(connection)
