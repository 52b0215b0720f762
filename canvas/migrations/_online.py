"""Changes of the indexes of big tables that hold nobody up. On SQLite they are the plain ones."""

from contextlib import contextmanager

from django.db import migrations

SHOW_DEADLINES = "SELECT current_setting('statement_timeout'), current_setting('lock_timeout')"
SET_DEADLINES = """
SELECT set_config('statement_timeout', %s, false), set_config('lock_timeout', %s, false)
"""


class AddIndexOnline(migrations.AddIndex):
    """Build an index beside the writers, for as long as it takes; in a migration without atomic.

    A build that was broken off has left an index that is of no use: it goes first.
    """

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        with without_deadline(schema_editor):
            schema_editor.execute(f'DROP INDEX CONCURRENTLY IF EXISTS "{self.index.name}"')
            schema_editor.add_index(model, self.index, concurrently=True)


class RemoveIndexOnline(migrations.RemoveIndex):
    """Drop an index without a lock that others wait for; in a migration without atomic."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        with without_deadline(schema_editor):
            schema_editor.execute(f'DROP INDEX CONCURRENTLY IF EXISTS "{self.name}"')


@contextmanager
def without_deadline(schema_editor):
    """Let a statement take its time: it looks at a whole table, and waits for every transaction that
    is under way, while nobody waits for it. The migrations that follow have the deadlines of before.
    """
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(SHOW_DEADLINES)
        before = cursor.fetchone()
    schema_editor.execute(SET_DEADLINES, ("0", "0"))
    try:
        yield
    finally:
        schema_editor.execute(SET_DEADLINES, before)
