"""What a database says that it consists of."""

import re

from sqlalchemy import Connection, text

_POSTGRESQL = (
    """SELECT 'column', table_name, column_name, data_type, is_nullable, collation_name, is_identity,
    generation_expression FROM information_schema.columns WHERE table_schema = 'public'""",
    """SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
)


def definitions(connection: Connection) -> set[tuple[str, ...]]:
    """Everything but triggers, and but what alembic and SQLite keep for themselves."""
    found = _of_sqlite(connection) if connection.dialect.name == "sqlite" else _of_postgresql(connection)
    return {line for line in found if not any("alembic_version" in part or "sqlite_" in part for part in line)}


def _of_sqlite(connection: Connection) -> set[tuple[str, ...]]:
    """The lines of each definition: in which order the constraints of a table were written makes no difference."""
    stored = connection.execute(text("SELECT name, sql FROM sqlite_schema WHERE type IN ('table', 'index')"))
    return {
        (name, re.sub(r"\s+", " ", line).strip(" ,)"))
        for name, sql in stored
        # A column that came later stands on the line of the one before it
        for line in re.split(r",\s*\n|\n|, (?=\w+ TEXT DEFAULT)", (sql or "").replace('"', ""))
    }


def _of_postgresql(connection: Connection) -> set[tuple[str, ...]]:
    return {tuple(map(str, row)) for query in _POSTGRESQL for row in connection.execute(text(query))}
