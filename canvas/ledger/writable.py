"""A look whether placements can be committed: reading alone would work on a replica too."""

from django.db import InternalError, connection

QUERY = "SELECT current_setting('transaction_read_only'), pg_current_xact_id()"


def check() -> None:
    """Commit a transaction that changes nothing; raise DatabaseError where that is refused."""
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute("SELECT 1")
            return
        cursor.execute(QUERY)
        if cursor.fetchone()[0] == "on":
            raise InternalError("the database is read-only")
