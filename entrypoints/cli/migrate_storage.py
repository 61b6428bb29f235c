"""clinic-media migrate-storage."""

import asyncio
import json
import os
import shlex
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from application.reach import over_every_clinic
from entrypoints.cli.outcome import CouldNotRun, config_option, examples, json_option, something_wrong
from entrypoints.cli.places import Options, Place, open_place
from entrypoints.configuration import read_settings
from entrypoints.settings import Settings

if TYPE_CHECKING:
    from application.moving import Moved


class Way(NamedTuple):
    """From where to where the bytes go, each with the options of its client."""

    source: str
    source_options: dict[str, Any]
    target: str
    target_options: dict[str, Any]


@click.command(
    short_help="Move all files to another storage while the service runs.",
    epilog=examples(
        "clinic-media migrate-storage --to s3://clinic-media/north",
        "clinic-media migrate-storage --to s3://media --options @s3.json     (as [storage] options, in JSON)",
        "clinic-media migrate-storage --from file:///var/lib/clinic-media/files --drop-old",
        "clinic-media migrate-storage --from s3://clinic-media/north --to /var/lib/clinic-media/files",
    ),
)
@click.option("--to", "target", type=Place(), help="The new storage; storage.url unless given.")
@click.option("--from", "source", type=Place(), help="The old storage; storage.url unless given.")
@click.option("--options", type=Options(), default="{}", help="What the client of --to needs, as [storage] options.")
@click.option("--from-options", type=Options(), default="{}", help="The same for --from.")
@click.option("--read-again", is_flag=True, help="Read back from the new storage also what earlier runs verified.")
@click.option("--drop-old", is_flag=True, help="Then delete from the old storage what is in the new one.")
@config_option
@json_option
@over_every_clinic()
def migrate_storage(
    *,
    target: str | None,
    source: str | None,
    options: dict[str, Any],
    from_options: dict[str, Any],
    read_again: bool,
    drop_old: bool,
    config: Path | None,
    as_json: bool,
) -> None:
    """Copy every document's files to another storage and read each back to compare its checksum.

    The service goes on with the old storage meanwhile. Three steps, each of which may be stopped and run again:

    \b
    1. migrate-storage --to NEW                copies and verifies; passes once more over what came meanwhile
    2. set storage.url to NEW and restart      the last seconds' uploads answer 503 until step 3 has run
    3. migrate-storage --from OLD --drop-old   brings those, verifies, then deletes what was moved

    To have no such seconds, stop the service, run step 1 once more (it reads only what is new), and start it with the
    new setting. --drop-old works only in step 3, when the settings name the new storage. Uploads in pieces that are not
    finished at the restart begin anew. What is in quarantine stays in the old storage, and what no document names.

    Exits 1 when something could not be moved whole; nothing is dropped then.
    """
    settings = read_settings(config, os.environ)
    way = _way(settings, source, from_options, target, options)
    if drop_old and way.target != settings.storage_url:
        raise click.UsageError(
            "--drop-old is for when storage.url names the new storage: until then the old one is used"
        )
    try:
        moved, dropped = asyncio.run(_moved(settings, way, read_again=read_again, drop_old=drop_old))
    except KeyboardInterrupt:
        raise CouldNotRun("Stopped. The same command goes on where it was") from None
    if as_json:
        found = [finding._asdict() for finding in moved.findings]
        click.echo(json.dumps({**asdict(moved), "findings": found, "dropped": dropped, "complete": moved.is_complete}))
    else:
        _say(settings, way, moved, dropped)
    if not moved.is_complete:
        something_wrong()


def _way(
    settings: Settings, source: str | None, source_options: dict[str, Any], target: str | None, options: dict[str, Any]
) -> Way:
    here, known = settings.storage_url, settings.storage.options
    way = Way(
        source or here,
        source_options or (known if (source or here) == here else {}),
        target or here,
        options or (known if (target or here) == here else {}),
    )
    if way.source.rstrip("/") == way.target.rstrip("/"):
        raise click.UsageError("Say where the files go with --to, or where they come from with --from")
    if here.startswith("memory:"):
        raise CouldNotRun("What is in memory:// is in another process and cannot be moved")
    return way


async def _moved(settings: Settings, way: Way, *, read_again: bool, drop_old: bool) -> "tuple[Moved, int]":
    from entrypoints.cli.progress import counted
    from entrypoints.cli.schema import check_schema
    from entrypoints.container import opened

    async with opened(settings) as container:
        await asyncio.to_thread(check_schema, container)
        source = open_place(container, way.source, way.source_options)
        target = open_place(container, way.target, way.target_options)
        await target.check()
        journal = container.move_journal(way.source, way.target)
        if read_again:
            journal.forget()
        with counted("Moving") as tell:
            moved = await container.move_blobs()(source, target, journal, tell)
        if not (drop_old and moved.is_complete):
            return moved, 0
        with counted("Dropping") as tell:
            return moved, await container.drop_moved()(source, target, tell)


def _say(settings: Settings, way: Way, moved: "Moved", dropped: int) -> None:
    for finding in moved.findings:
        click.echo(f"{finding.code}  {finding.id}  {finding.problem}: {finding.mend}")
    click.echo(
        f"{moved.verified} of {moved.documents} documents are in {way.target} and verified; "
        f"{moved.copied} were copied now ({moved.bytes / 1e6:.1f} MB)."
    )
    if moved.left_behind:
        click.echo(
            f"{moved.left_behind} files that no document names stay in the old storage; see clinic-media verify."
        )
    if dropped:
        click.echo(f"The files of {dropped} documents were deleted from {way.source}.")
    if not moved.is_complete:
        click.echo("Not everything is there: mend what is named above, then run the same command again.")
    elif way.target != settings.storage_url:
        click.echo(
            f'Now set storage.url = "{way.target}" (CLINIC_MEDIA_STORAGE__URL={shlex.quote(way.target)}), restart the '
            f"service, and run\n  clinic-media migrate-storage --from {shlex.quote(way.source)} [--drop-old]\n"
            "which brings what came meanwhile."
        )
