"""clinic-media hold."""

import asyncio
import os
from pathlib import Path

import click

from application.reach import within
from domain.access import Principal, Role
from domain.ids import ClinicId, DocumentId, PatientId, UserId
from entrypoints.cli.outcome import config_option, examples
from entrypoints.cli.token import HostId
from entrypoints.configuration import read_settings
from entrypoints.settings import Settings


@click.command(
    short_help="Place a patient or a document under legal hold, or release it.",
    epilog=examples(
        "clinic-media hold --clinic north patient p-12",
        "clinic-media hold --clinic north document 01a20145-cc24-72bf-9848-3c84f7324c8d --release",
    ),
)
@click.argument("what", type=click.Choice(["patient", "document"]))
@click.argument("id", type=HostId())
@click.option("--clinic", required=True, type=HostId(), help="The clinic it belongs to.")
@click.option("--user", default="operator", type=HostId(), show_default=True, help="Who orders it, for the audit log.")
@click.option("--release", is_flag=True, help="End the hold.")
@config_option
def hold(what: str, id: str, clinic: str, user: str, release: bool, config: Path | None) -> None:
    """Keep a patient's documents, or one document, from ever being purged while the hold stands."""
    actor = Principal(clinic_id=ClinicId(clinic), user_id=UserId(user), roles=frozenset({Role.ADMIN}))
    with within(actor.clinic_id):
        asyncio.run(_placed(read_settings(config, os.environ), actor, what, id, hold=not release))
    click.echo(f"The {what} {id} is {'no longer' if release else 'now'} under legal hold.")


async def _placed(settings: Settings, actor: Principal, what: str, id: str, *, hold: bool) -> None:
    from entrypoints.cli.schema import check_schema
    from entrypoints.container import opened

    async with opened(settings) as container:
        await asyncio.to_thread(check_schema, container)
        if what == "patient":
            await container.hold_patient()(actor, PatientId(id), hold=hold)
        else:
            await container.hold_document()(actor, DocumentId(id), hold=hold)
