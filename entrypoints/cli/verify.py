"""clinic-media verify."""

import asyncio
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from application.reach import over_every_clinic
from entrypoints.cli.outcome import config_option, examples, json_option, something_wrong
from entrypoints.configuration import read_settings
from entrypoints.settings import Settings

if TYPE_CHECKING:
    from rich.console import Console

    from application.verify import Finding
    from entrypoints.container import Container


class Share(click.ParamType[float]):
    name = "percent"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, float):
            return value
        try:
            share = float(value.removesuffix("%")) / 100
        except ValueError:
            share = 0.0
        if not 0 < share <= 1:
            self.fail(f"{value!r} is no share such as 5%", param, ctx)
        return share


@click.command(
    short_help="Check that everything stored is whole.",
    epilog=examples(
        "clinic-media verify",
        "clinic-media verify --read-data-subset 5%",
        "clinic-media verify --read-data --json | jq -r .code | sort | uniq -c",
        "clinic-media verify --repair",
    ),
)
@click.option("--read-data", is_flag=True, help="Read every file and compare its checksum.")
@click.option("--read-data-subset", "share", type=Share(), default=0.0, help="Read this share of the files, e.g. 5%.")
@click.option(
    "--repair",
    is_flag=True,
    help="Then do what is safe: finish interrupted uploads, make missing pictures, put orphans aside. Nothing that "
    "belongs to a document is deleted.",
)
@config_option
@json_option
@over_every_clinic()
def verify(read_data: bool, share: float, repair: bool, config: Path | None, as_json: bool) -> None:
    """Check that everything stored is whole: structure first, the bytes on demand.

    Changes nothing unless told to. Exits 1 when something was found (with --repair: when something is left).
    """
    settings = read_settings(config, os.environ)
    findings = asyncio.run(_verified(settings, 1.0 if read_data else share, repair))
    if as_json:
        for finding in findings:
            click.echo(json.dumps(finding._asdict(), ensure_ascii=False))
    else:
        _show(findings)
    if findings:
        something_wrong()


async def _verified(settings: Settings, share: float, repair: bool) -> "list[Finding]":
    from rich.console import Console

    from entrypoints.cli.schema import check_schema
    from entrypoints.container import opened

    async with opened(settings) as container:
        await asyncio.to_thread(check_schema, container)
        console = Console(stderr=True)
        findings = await _found(container, share, console)
        if not (repair and findings):
            return findings
        await container.repair()(findings)
        return await _found(container, share, console)


async def _found(container: "Container", share: float, console: "Console") -> "list[Finding]":
    findings = []
    with console.status("Checking …") as status:
        async for finding in container.verify()(share=share):
            findings.append(finding)
            status.update(f"Checking … {len(findings)} found")
    return findings


def _show(findings: "Sequence[Finding]") -> None:
    from rich.console import Console
    from rich.table import Table

    if not findings:
        click.echo("Everything is whole.")
        return
    table = Table("Code", "Id", "What is wrong", "What mends it")
    for finding in findings:
        table.add_row(*finding)
    Console().print(table)
    click.echo(f"{len(findings)} found.")
