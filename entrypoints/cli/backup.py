"""clinic-media backup."""

import asyncio
import json
import os
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from application.reach import over_every_clinic
from entrypoints.cli.outcome import CouldNotRun, config_option, examples, json_option, something_wrong
from entrypoints.cli.places import (
    Place,
    key_file_option,
    open_vault_at,
    options_option,
    passphrase_of,
    unencrypted_option,
)
from entrypoints.configuration import read_settings
from entrypoints.settings import Settings

if TYPE_CHECKING:
    from application.backups.vault import Manifest


@click.command(
    short_help="Back up the database and every file, encrypted.",
    epilog=examples(
        "export CLINIC_MEDIA_BACKUP__KEY='a long passphrase that is also kept elsewhere'",
        "clinic-media backup /mnt/backups/clinic --keep 30",
        'clinic-media backup s3://clinic-backups/north --options \'{"endpoint_url": "https://s3.example"}\'',
        "clinic-media backup /mnt/usb --unencrypted --json",
        "clinic-media restore /mnt/backups/clinic --check",
    ),
)
@click.argument("target", type=Place())
@click.option("--keep", type=click.IntRange(1), help="Then drop all snapshots but the newest so many.")
@key_file_option
@unencrypted_option
@options_option
@config_option
@json_option
@over_every_clinic()
def backup(
    *,
    target: str,
    keep: int | None,
    key_file: Path | None,
    unencrypted: bool,
    options: dict[str, Any],
    config: Path | None,
    as_json: bool,
) -> None:
    """Back up into TARGET, a folder or the URL of a storage, while the service runs.

    Each run adds a snapshot; files that are there already are not copied again. The database is copied first, then the
    files; purged files are deleted only after the backup. Not in it: pictures, which are made again; uploads that are
    on their way; what is in quarantine; the settings, and the key: keep those elsewhere.

    Stopped at any time, the next run uses what was copied. Exits 1 when files are missing or damaged in the
    installation: clinic-media verify tells which.
    """
    settings = read_settings(config, os.environ)
    if settings.database_kind == "memory":
        raise CouldNotRun("What is in memory:// is in another process and cannot be backed up")
    passphrase = passphrase_of(settings, key_file, unencrypted=unencrypted)
    if passphrase is None and not unencrypted:
        raise click.UsageError(
            "There is no key: set backup.key (CLINIC_MEDIA_BACKUP__KEY, at least 16 characters), or --key-file, "
            "or say --unencrypted"
        )
    manifest, dropped = asyncio.run(_backed_up(settings, target, passphrase, options, keep))
    if as_json:
        click.echo(json.dumps({**asdict(manifest), "files_dropped": dropped}))
    else:
        _say(manifest, dropped)
    if manifest.missing:
        something_wrong()


async def _backed_up(
    settings: Settings, target: str, passphrase: str | None, options: dict[str, Any], keep: int | None
) -> "tuple[Manifest, int]":
    from application.backups.backup import prune
    from entrypoints.cli.progress import counted
    from entrypoints.cli.schema import check_schema
    from entrypoints.container import opened

    async with opened(settings) as container:
        await asyncio.to_thread(check_schema, container)
        vault = await open_vault_at(container, target, passphrase, options, begin=True)
        with counted("Backing up") as tell:
            copies = container.database_copies()
            manifest = await container.back_up()(copies, vault, version("clinic-media"), tell)
        return manifest, await prune(vault, keep) if keep else 0


def _say(manifest: "Manifest", dropped: int) -> None:
    click.echo(f"Snapshot {manifest.snapshot}: {manifest.documents} documents, {manifest.bytes / 1e6:.1f} MB.")
    if dropped:
        click.echo(f"{dropped} files that only older snapshots named were dropped.")
    for id in manifest.missing:
        click.echo(f"{id}  its bytes are missing or damaged: see clinic-media verify --read-data")
