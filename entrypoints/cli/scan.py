"""clinic-media scan."""

import asyncio
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from application.reach import over_every_clinic
from domain.documents import Scan
from entrypoints.cli.outcome import CouldNotRun, config_option, examples, json_option, something_wrong
from entrypoints.configuration import read_settings
from entrypoints.settings import Settings

if TYPE_CHECKING:
    from application.ports.views import DocumentView
    from entrypoints.container import Container


class Looked(NamedTuple):
    """A document that is not known to be clean; `scan` is what it is by now."""

    id: str
    clinic_id: str
    patient_id: str
    scan: str


@click.command(
    short_help="Scan for malware what was never scanned.",
    epilog=examples(
        "clinic-media scan",
        "clinic-media scan --dry-run --json | wc -l",
        "clinic-media scan --again",
    ),
)
@click.option("--again", is_flag=True, help="Everything, also what was clean: the scanner may have learned.")
@click.option("--dry-run", is_flag=True, help="Only tell which documents would be scanned.")
@config_option
@json_option
@over_every_clinic()
def scan(again: bool, dry_run: bool, config: Path | None, as_json: bool) -> None:
    """Scan for malware what is stored and never was: from before there was a scanner, or while it was away.

    What is infected goes to the trash and its bytes to quarantine. Lists what is not known to be clean and exits 1 when
    there is any. Stopped at any time, it goes on with what is left when run again.
    """
    settings = read_settings(config, os.environ)
    if settings.scanning.scanner == "none" and not dry_run:
        raise CouldNotRun("There is no scanner: set scanning.scanner and scanning.url")
    unclean = asyncio.run(_scanned(settings, again=again, dry_run=dry_run))
    for looked in unclean:
        line = json.dumps(looked._asdict()) if as_json else f"{looked.id}  {looked.scan}"
        click.echo(line)
    if not as_json:
        click.echo(f"{len(unclean)} documents are not known to be clean." if unclean else "All documents are clean.")
    if unclean:
        something_wrong()


async def _scanned(settings: Settings, *, again: bool, dry_run: bool) -> list[Looked]:
    from entrypoints.cli.schema import check_schema
    from entrypoints.container import opened

    async with opened(settings) as container:
        await asyncio.to_thread(check_schema, container)
        if dry_run:
            return [_looked(view, view.scan) async for view in container.scan_stored().due(again=again)]
        return await _with_progress(container, again=again)


async def _with_progress(container: "Container", *, again: bool) -> list[Looked]:
    from rich.console import Console
    from rich.progress import Progress

    scan_stored = container.scan_stored()
    total = 0
    async for _ in scan_stored.due(again=again):
        total += 1
    unclean = []
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Scanning", total=total)
        async for view, now in scan_stored(again=again):
            if now is not Scan.CLEAN:
                unclean.append(_looked(view, now))
            progress.advance(task)
    return unclean


def _looked(view: "DocumentView", now: str) -> Looked:
    return Looked(view.id, view.clinic_id, view.patient_id, str(now))
