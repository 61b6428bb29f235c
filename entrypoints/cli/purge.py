"""clinic-media purge."""

import asyncio
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from application.reach import over_every_clinic
from entrypoints.cli.outcome import config_option, examples, json_option
from entrypoints.configuration import read_settings
from entrypoints.settings import Settings

if TYPE_CHECKING:
    from application.ports.views import DocumentView


@click.command(
    short_help="Destroy what has been in the trash for long enough.",
    epilog=examples("clinic-media purge --dry-run", "clinic-media purge --json | jq -r .id"),
)
@click.option("--dry-run", is_flag=True, help="Only list what would go.")
@config_option
@json_option
@over_every_clinic()
def purge(dry_run: bool, config: Path | None, as_json: bool) -> None:
    """Destroy, for good, what has been in the trash for retention.trash_days.

    Photos and x-rays go only with retention.photos_purgeable, and nothing under a legal hold goes. A tombstone stays of
    each. With the settings as they come, nothing is ever purged.
    """
    settings = read_settings(config, os.environ)
    views = asyncio.run(_purged(settings, dry_run))
    if as_json:
        for view in views:
            click.echo(json.dumps({"id": view.id, "clinic_id": view.clinic_id, "patient_id": view.patient_id}))
        return
    for view in views:
        click.echo(
            f"{view.id}  clinic {view.clinic_id}  patient {view.patient_id}  in the trash since {view.trashed_at}"
        )
    click.echo(_summary(settings, len(views), dry_run))


async def _purged(settings: Settings, dry_run: bool) -> "list[DocumentView]":
    from entrypoints.cli.schema import check_schema
    from entrypoints.container import opened

    async with opened(settings) as container:
        await asyncio.to_thread(check_schema, container)
        return [view async for view in container.purge_trash()(dry_run=dry_run)]


def _summary(settings: Settings, count: int, dry_run: bool) -> str:
    if settings.retention.trash_days is None:
        return "Nothing is ever purged: retention.trash_days is not set."
    return f"{count} would be purged." if dry_run else f"{count} purged."
