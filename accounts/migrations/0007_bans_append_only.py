"""Let the database itself refuse to rewrite bans: one can be lifted, once, and nothing else.

The account of a moderator may go: then `created_by` and `lifted_by` become empty.
"""

from django.db import migrations

FIXED = "id, person, network, reason, shadow, created_at, expires_at"

POSTGRESQL = f"""
CREATE FUNCTION accounts_ban_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'bans are append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER accounts_ban_append_only
BEFORE DELETE OR UPDATE OF {FIXED} ON accounts_ban
FOR EACH ROW EXECUTE FUNCTION accounts_ban_is_append_only();
CREATE TRIGGER accounts_ban_lifted_once
BEFORE UPDATE OF lifted_at ON accounts_ban
FOR EACH ROW WHEN (OLD.lifted_at IS NOT NULL)
EXECUTE FUNCTION accounts_ban_is_append_only();
CREATE TRIGGER accounts_ban_by_whom
BEFORE UPDATE OF created_by_id ON accounts_ban
FOR EACH ROW WHEN (NEW.created_by_id IS NOT NULL)
EXECUTE FUNCTION accounts_ban_is_append_only();
CREATE TRIGGER accounts_ban_no_truncate
BEFORE TRUNCATE ON accounts_ban
FOR EACH STATEMENT EXECUTE FUNCTION accounts_ban_is_append_only();
"""

REFUSE = "BEGIN SELECT RAISE(ABORT, 'bans are append-only'); END"
SQLITE = (
    f"CREATE TRIGGER accounts_ban_append_only BEFORE UPDATE OF {FIXED} ON accounts_ban {REFUSE}",
    "CREATE TRIGGER accounts_ban_lifted_once BEFORE UPDATE OF lifted_at ON accounts_ban "
    f"WHEN OLD.lifted_at IS NOT NULL {REFUSE}",
    "CREATE TRIGGER accounts_ban_by_whom BEFORE UPDATE OF created_by_id ON accounts_ban "
    f"WHEN NEW.created_by_id IS NOT NULL {REFUSE}",
)


def forbid_changes(apps, schema_editor):
    statements = {"postgresql": (POSTGRESQL,), "sqlite": SQLITE}
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def allow_changes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION accounts_ban_is_append_only CASCADE")
    else:
        for name in ("append_only", "lifted_once", "by_whom"):
            schema_editor.execute(f"DROP TRIGGER accounts_ban_{name}")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_ban_beside_shadow")]
    operations = [migrations.RunPython(forbid_changes, allow_changes)]
