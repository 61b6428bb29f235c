"""clinic-media restore."""

import asyncio
import json
import os
from collections.abc import Sequence
from dataclasses import asdict
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
    from application.backups.vault import Manifest, Vault
    from application.verify import Finding
    from entrypoints.container import Container


@click.command(
    short_help="Make an installation from a backup, or check a backup.",
    epilog=examples(
        "clinic-media restore /mnt/backups/clinic --list",
        "clinic-media restore /mnt/backups/clinic --check",
        "clinic-media restore /mnt/backups/clinic",
        "clinic-media restore /mnt/backups/clinic --mend",
        "clinic-media restore s3://backups/north --snapshot 20260301T020000Z-3f9a21 --key-file /etc/clinic-media.key",
    ),
)
@click.argument("source", type=Place())
@click.option("--snapshot", help="Instead of the newest.")
@click.option("--list", "listed", is_flag=True, help="Only show which snapshots there are.")
@click.option("--check", is_flag=True, help="Only read all of the backup and compare its checksums.")
@click.option(
    "--mend", is_flag=True, help="Put back what an installation in use has lost: files that verify finds as I1."
)
@key_file_option
@unencrypted_option
@options_option
@config_option
@json_option
@over_every_clinic()
def restore(
    *,
    source: str,
    snapshot: str | None,
    listed: bool,
    check: bool,
    mend: bool,
    key_file: Path | None,
    unencrypted: bool,
    options: dict[str, Any],
    config: Path | None,
    as_json: bool,
) -> None:
    """Restore the backup at SOURCE into the installation that the settings name, which must be empty.

    Every file's checksum is compared, and at the end everything is verified as clinic-media verify --read-data does.
    Interrupted, the same command goes on. A backup of SQLite is restored into SQLite, one of PostgreSQL into
    PostgreSQL; the storage may be of any kind. Do not serve the installation meanwhile. Exits 1 when something could
    not be brought back whole.

    With --mend the installation is one in use: missing and damaged files are put back, nothing else is changed.
    """
    if check + mend + listed > 1:
        raise click.UsageError("--list, --check and --mend exclude one another")
    settings = read_settings(config, os.environ)
    passphrase = passphrase_of(settings, key_file, unencrypted=unencrypted)
    if listed:
        _show_list(asyncio.run(_listed(settings, source, passphrase, options)), as_json=as_json)
        return
    if settings.database_kind == "memory" and not check:
        raise CouldNotRun("What is restored into memory:// is gone with this process: set database.url")
    if mend:
        _say_mended(*asyncio.run(_mended(settings, source, passphrase, options, snapshot)), as_json=as_json)
        return
    manifest, findings = asyncio.run(_done(settings, source, passphrase, options, snapshot, check=check))
    if as_json:
        for finding in findings:
            click.echo(json.dumps(finding._asdict(), ensure_ascii=False))
    else:
        _say(manifest, findings, check=check)
    if findings:
        something_wrong()


async def _listed(
    settings: Settings, source: str, passphrase: str | None, options: dict[str, Any]
) -> "list[Manifest | str]":
    """A damaged one only by its name."""
    from application.ports.sealing import Damaged
    from entrypoints.container import opened

    found: list[Manifest | str] = []
    async with opened(settings) as container:
        vault = await open_vault_at(container, source, passphrase, options)
        for name in await vault.snapshots():
            try:
                found.append(await vault.manifest(name))
            except Damaged:
                found.append(name)
    return found


async def _done(
    settings: Settings,
    source: str,
    passphrase: str | None,
    options: dict[str, Any],
    snapshot: str | None,
    *,
    check: bool,
) -> "tuple[Manifest, list[Finding]]":
    from application.backups.restoring import check_backup, chosen
    from entrypoints.cli.progress import counted
    from entrypoints.container import opened

    async with opened(settings) as container:
        vault = await open_vault_at(container, source, passphrase, options)
        manifest = await chosen(vault, snapshot)
        if check:
            with counted("Checking the backup") as tell:
                return manifest, [finding async for finding in check_backup(vault, manifest, tell)]
        return manifest, await _restored(container, vault, manifest)


async def _mended(
    settings: Settings, source: str, passphrase: str | None, options: dict[str, Any], snapshot: str | None
) -> "tuple[int, list[Finding]]":
    from application.backups.restoring import chosen
    from entrypoints.cli.progress import counted
    from entrypoints.cli.schema import check_schema
    from entrypoints.container import opened

    async with opened(settings) as container:
        await asyncio.to_thread(check_schema, container)
        vault = await open_vault_at(container, source, passphrase, options)
        manifest = await chosen(vault, snapshot)
        with counted("Reading") as tell:
            return await container.mend_from_backup()(vault, manifest, tell)


async def _restored(container: "Container", vault: "Vault", manifest: "Manifest") -> "list[Finding]":
    from entrypoints.cli.progress import counted

    with counted("Restoring") as tell:
        findings = await container.restore()(container.database_copies(), vault, manifest, tell)
    known = {finding.id for finding in findings}
    with counted("Verifying") as tell:
        async for finding in container.verify()(share=1.0):
            if finding.id not in known:
                findings.append(finding)
                tell(len(findings), len(findings))
    return findings


def _say_mended(mended: int, left: "Sequence[Finding]", *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"mended": mended, "left": [finding._asdict() for finding in left]}, ensure_ascii=False))
    else:
        for finding in left:
            click.echo(f"{finding.code}  {finding.id}  {finding.problem}: {finding.mend}")
        click.echo(f"{mended} files were put back; {len(left)} are still missing or damaged.")
    if left:
        something_wrong()


def _show_list(found: "Sequence[Manifest | str]", *, as_json: bool) -> None:
    for each in found:
        if isinstance(each, str):
            click.echo(json.dumps({"snapshot": each, "damaged": True}) if as_json else f"{each}  damaged")
        elif as_json:
            click.echo(json.dumps(asdict(each)))
        else:
            size = f"{each.documents} documents, {each.bytes / 1e6:.1f} MB"
            lacks = f", {len(each.missing)} of them missing" if each.missing else ""
            click.echo(f"{each.snapshot}  {each.made_at}  {each.kind} {each.revision}  {size}{lacks}")


def _say(manifest: "Manifest", findings: "Sequence[Finding]", *, check: bool) -> None:
    for finding in findings:
        click.echo(f"{finding.code}  {finding.id}  {finding.problem}: {finding.mend}")
    what = f"snapshot {manifest.snapshot}, {manifest.documents} documents, {manifest.bytes / 1e6:.1f} MB"
    if check:
        click.echo(f"{len(findings)} damages in {what}." if findings else f"Everything is whole in {what}.")
        return
    click.echo(
        f"Restored {what}; {len(findings)} could not be brought back whole." if findings else f"Restored {what}."
    )
    click.echo(
        "Everything was read and verified. Next: see that the settings are those of the old installation (auth, links, "
        "owner_types), then clinic-media serve; the pictures are made in the background. Events that had not been "
        "delivered when the backup was made are delivered again."
    )
