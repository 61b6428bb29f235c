"""clinic-media token."""

import json
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from domain.access import Access, Permission, Role
from domain.errors import Malformed
from domain.ids import host_id
from entrypoints.cli.outcome import config_option, examples, json_option
from entrypoints.configuration import read_settings

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class HostId(click.ParamType[str]):
    name = "id"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return host_id(value, "it")
        except Malformed as error:
            self.fail(error.detail, param, ctx)


class Duration(click.ParamType[timedelta]):
    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        if isinstance(value, timedelta):
            return value
        found = re.fullmatch(r"([1-9]\d{0,5})([smhd])", value)
        if found is None:
            self.fail(f"{value!r} is no duration such as 90s, 15m, 1h or 30d", param, ctx)
        return timedelta(**{_UNITS[found[2]]: int(found[1])})


class PatientGrant(click.ParamType[tuple[str, Access]]):
    name = "grant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, Access]:
        patient, equals, level = value.partition("=")
        levels = {access.label: access for access in Access}
        if not equals or level not in levels:
            self.fail(f"{value!r} is not PATIENT=view, PATIENT=edit or PATIENT=full", param, ctx)
        return HostId().convert(patient, param, ctx), levels[level]


@click.command(
    short_help="Print a signed token.",
    epilog=examples(
        "clinic-media token --clinic north --user u-7 --role dentist --name 'Ana Ruiz'",
        "clinic-media token --clinic north --user parent-3 --role account --patient p-12=edit --ttl 8h",
        'curl -H "Authorization: Bearer $(clinic-media token --clinic north --user u-7 --role dentist)" \\',
        "  http://127.0.0.1:8000/api/v1/directory/patients",
    ),
)
@click.option("--clinic", required=True, type=HostId(), help="The clinic; a token is good for one.")
@click.option("--user", required=True, type=HostId(), help="Who it is for.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([role.value for role in Role]),
    help="May be given several times.",
)
@click.option("--name", default="", help="The name shown beside what this user uploads and writes.")
@click.option(
    "--patient",
    "patients",
    multiple=True,
    type=PatientGrant(),
    metavar="PATIENT=LEVEL",
    help="A patient that an account looks after; the level is view, edit or full. May be given several times.",
)
@click.option(
    "--permission",
    "permissions",
    multiple=True,
    type=click.Choice([permission.value for permission in Permission]),
    metavar="PERMISSION",
    help="One permission more than the roles hold, e.g. audit.read; may be given several times.",
)
@click.option("--ttl", default="1h", show_default=True, type=Duration(), help="How long it works: 90s, 15m, 1h, 30d.")
@config_option
@json_option
def token(
    *,
    clinic: str,
    user: str,
    roles: tuple[str, ...],
    name: str,
    patients: tuple[tuple[str, Access], ...],
    permissions: tuple[str, ...],
    ttl: timedelta,
    config: Path | None,
    as_json: bool,
) -> None:
    """Print a token, signed with auth.secret, for trying things out and for machines."""
    from entrypoints.signing import Bearer, signed_token

    now = datetime.now(UTC)
    bearer = Bearer(
        clinic=clinic,
        user=user,
        name=name,
        roles=tuple(map(Role, roles)),
        permissions=tuple(map(Permission, permissions)),
        patients=dict(patients),
    )
    signed = signed_token(read_settings(config, os.environ).auth, bearer, now=now, ttl=ttl)
    expires = (now + ttl).isoformat(timespec="seconds").replace("+00:00", "Z")
    click.echo(json.dumps({"token": signed, "expires_at": expires}) if as_json else signed)
