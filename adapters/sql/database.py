"""Opening a database by its URL."""

from adapters.sql.connections import Database as Database
from adapters.sql.sqlite import SqliteDatabase
from adapters.sql.urls import is_sqlite, parsed, path_of


def open_database(url: str, *, patience: float = 5.0, connections: int = 10) -> Database:
    """SQLite (`sqlite:///path`) or PostgreSQL (`postgresql+asyncpg://user@host/name`), migrated already.

    `patience` is how many seconds a transaction waits for others; `connections` how many PostgreSQL gets at most.
    Nothing is opened before the first use. Raises `ValueError` for a URL that is neither.
    """
    where = parsed(url)
    if is_sqlite(where):
        return SqliteDatabase(path_of(where), patience=patience)
    # asyncpg is installed only where PostgreSQL is used.
    from adapters.sql.postgresql import PostgresqlDatabase  # noqa: PLC0415

    return PostgresqlDatabase(where, patience=patience, connections=connections)
