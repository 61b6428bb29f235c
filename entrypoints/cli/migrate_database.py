"""clinic-media migrate-database."""

import asyncio
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from entrypoints.cli.outcome import CouldNotRun, config_option, examples, json_option
from entrypoints.configuration import WrongSettings, read_settings
from entrypoints.settings import Database, Settings

if TYPE_CHECKING:
    from application.moving_database import MovedTable
    from entrypoints.container import Container


@click.command(
    short_help="Move all rows to another database while the service stands still.",
    epilog=examples(
        "clinic-media migrate-database postgresql://media@db/media      (the password in ~/.pgpass or PGPASSWORD)",
        "clinic-media migrate-database sqlite:////var/lib/clinic-media/clinic-media.db     (and back)",
    ),
)
@click.argument("target", metavar="URL")
@config_option
@json_option
def migrate_database(*, target: str, config: Path | None, as_json: bool) -> None:
    """Copy every table to the database at URL: from SQLite to PostgreSQL, back, or to another of the same kind.

    Stop every clinic-media serve and worker first: a database that one of them uses is refused, and while the rows
    are moved none can use it. The new database must be empty; its tables are made. All rows are read back and compared
    by a checksum for each table before anything is kept: stopped at any moment, the new database is empty and the same
    command begins anew. The old one is not changed. Files stay where they are: see clinic-media migrate-storage.

    Afterwards set database.url and start the service. What had not been delivered yet is delivered from there.
    """
    settings = read_settings(config, os.environ)
    if settings.database_kind == "memory":
        raise CouldNotRun("What is in memory:// is in another process and cannot be moved")
    new = msgspec.structs.replace(settings, database=Database(url=target))
    if new.database_url == settings.database_url:
        raise click.UsageError("That is the database which database.url names already")
    try:
        moved = asyncio.run(_moved(settings, new))
    except KeyboardInterrupt:
        raise CouldNotRun("Stopped. Nothing was kept, the same command begins anew") from None
    if as_json:
        click.echo(json.dumps({"tables": [table._asdict() for table in moved]}))
        return
    for table in moved:
        click.echo(f"{table.name:<16}{table.rows:>10}  {table.digest[:16]}")
    click.echo(
        f"{sum(table.rows for table in moved)} rows are in the new database, and equal. Now set database.url to it "
        "(CLINIC_MEDIA_DATABASE__URL) everywhere and start the service; the old database is as it was."
    )


async def _moved(settings: Settings, new: Settings) -> "list[MovedTable]":
    from application.moving_database import move_database
    from entrypoints.cli.progress import counted
    from entrypoints.cli.schema import check_schema
    from entrypoints.container import Container

    old_side, new_side = Container(settings=settings), Container(settings=new)
    await asyncio.to_thread(check_schema, old_side)
    try:
        source, target = old_side.database_tables(), new_side.database_tables()
    except WrongSettings as error:
        raise click.UsageError(str(error).removeprefix("database.url: ")) from error
    await asyncio.to_thread(_make_ready, new_side)
    with counted("Moving") as tell:
        return await move_database(source, target, tell)


def _make_ready(container: "Container") -> None:
    """Tables are made where there are none; others' are left to whoever runs migrate there."""
    from entrypoints.cli.schema import check_schema

    if container.schema_revision() is None:
        container.upgrade_schema()
    check_schema(container)
