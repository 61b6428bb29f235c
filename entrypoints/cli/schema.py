"""Whether the database's tables fit this version, asked before anything uses them."""

from entrypoints.cli.outcome import CouldNotRun
from entrypoints.container import Container


def check_schema(container: Container, *, upgrade_sqlite: bool = False) -> None:
    """Raises `CouldNotRun` where they do not. An SQLite file is this machine's alone, so serving may upgrade it; in a
    PostgreSQL other machines may be at work, so it is upgraded when somebody says so."""
    settings = container.settings()
    if settings.database_kind == "memory":
        return
    revision, wanted = container.schema_revision(), container.schema_wanted()
    if revision == wanted:
        return
    if upgrade_sqlite and settings.database_kind == "sqlite":
        container.upgrade_schema()
        return
    has = f"is at {revision}" if revision else "is empty"
    raise CouldNotRun(f"The database {has}, this version needs {wanted}: run clinic-media migrate")
