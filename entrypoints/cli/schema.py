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
    check_not_newer(revision, wanted)
    if upgrade_sqlite and settings.database_kind == "sqlite":
        container.upgrade_schema()
        return
    has = f"is at {revision}" if revision else "is empty"
    raise CouldNotRun(f"The database {has}, this version needs {wanted}: run clinic-media migrate")


def check_not_newer(revision: str | None, wanted: str) -> None:
    """Raises `CouldNotRun` where a newer version has been at the database, whose tables this one does not know."""
    if revision is not None and revision > wanted:
        raise CouldNotRun(
            f"The database is at {revision}, newer than this version, which works with {wanted}: "
            "install the version that has upgraded it, or restore a backup"
        )
