"""Copies of the database for backups."""

from adapters.sql.copies_schema import Schema
from adapters.sql.urls import is_sqlite, parsed, path_of
from application.ports.backups import DatabaseCopies


def open_copies(url: str) -> DatabaseCopies:
    """Raises `ValueError` for a URL of neither SQLite nor PostgreSQL."""
    where = parsed(url)
    if is_sqlite(where):
        from adapters.sql.copies_sqlite import SqliteCopies  # noqa: PLC0415 - one of both is used

        return SqliteCopies(path_of(where), Schema(url))
    from adapters.sql.copies_postgresql import PostgresqlCopies  # noqa: PLC0415 - asyncpg is not always installed

    return PostgresqlCopies(where.set(drivername="postgresql").render_as_string(hide_password=False), Schema(url))
