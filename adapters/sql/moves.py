"""Databases that rows are moved out of and into."""

from adapters.sql.urls import is_sqlite, parsed, path_of
from application.ports.tables import Tables


def open_tables(url: str) -> Tables:
    """Raises `ValueError` for a URL of neither SQLite nor PostgreSQL."""
    where = parsed(url)
    if is_sqlite(where):
        from adapters.sql.moves_sqlite import SqliteTables  # noqa: PLC0415 - one of both is used

        return SqliteTables(path_of(where))
    from adapters.sql.moves_postgresql import PostgresqlTables  # noqa: PLC0415 - asyncpg is not always installed

    return PostgresqlTables(where.set(drivername="postgresql").render_as_string(hide_password=False))
