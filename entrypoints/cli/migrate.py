"""clinic-media migrate."""

import json
import os
from pathlib import Path

import click

from entrypoints.cli.outcome import CouldNotRun, config_option, examples, json_option, something_wrong
from entrypoints.configuration import read_settings


@click.command(
    short_help="Bring the database to this version.",
    epilog=examples(
        "clinic-media migrate",
        "clinic-media migrate --check && echo up to date",
        "CLINIC_MEDIA_DATABASE__URL=postgresql://media@db/media clinic-media migrate",
    ),
)
@click.option("--check", is_flag=True, help="Change nothing; exit 1 when the database is behind.")
@config_option
@json_option
def migrate(check: bool, config: Path | None, as_json: bool) -> None:
    """Bring the database's tables to what this version needs. Asked again, it changes nothing."""
    from entrypoints.cli.schema import check_not_newer
    from entrypoints.container import Container

    settings = read_settings(config, os.environ)
    if settings.database_kind == "memory":
        raise CouldNotRun("The database is memory:// and has no tables to migrate")
    container = Container(settings=settings)
    before, wanted = container.schema_revision(), container.schema_wanted()
    if not check:
        check_not_newer(before, wanted)
        container.upgrade_schema()
    after = before if check else container.schema_revision()
    if as_json:
        click.echo(json.dumps({"before": before, "now": after, "wanted": wanted}))
    elif after != wanted:
        click.echo(f"The database is at {before or 'nothing'}, this version needs {wanted}")
    else:
        click.echo(f"The database is at {after}" + (f", was {before or 'empty'}" if before != after else " already"))
    if after != wanted:
        something_wrong()
