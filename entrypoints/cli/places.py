"""Other storages that a command is told of: a folder or a URL, and what its client needs."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from entrypoints.cli.outcome import CouldNotRun
from entrypoints.settings import Settings

if TYPE_CHECKING:
    from application.backups.vault import Vault
    from application.ports.blobs import Blobs
    from entrypoints.container import Container

_SHORTEST_KEY = 16


class Place(click.ParamType[str]):
    """A URL; a folder becomes one."""

    name = "folder or url"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value.startswith("memory:"):
            self.fail("what is in memory:// is gone with the process", param, ctx)
        return str(value) if "://" in value else Path(value).expanduser().absolute().as_uri()


class Options(click.ParamType[dict[str, Any]]):
    """JSON, or @file with JSON in it."""

    name = "json or @file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dict[str, Any]:
        if isinstance(value, dict):
            return value
        try:
            told = json.loads(Path(value[1:]).read_text(encoding="utf-8") if value.startswith("@") else value)
        except (OSError, ValueError):
            told = None
        if not isinstance(told, dict):
            self.fail("is not an object in JSON, nor @ and the path of a file that holds one", param, ctx)
        return told


def open_place(container: "Container", url: str, options: dict[str, Any]) -> "Blobs":
    try:
        return container.other_storage(url, options)
    except ValueError as error:
        raise click.UsageError(str(error)) from error


async def open_vault_at(
    container: "Container", place: str, passphrase: str | None, options: dict[str, Any], *, begin: bool = False
) -> "Vault":
    from application.backups.vault import open_vault

    blobs = open_place(container, place, options or container.settings().backup.options)
    return await open_vault(blobs, container.ciphers(passphrase), container.new_id(), begin=begin)


def passphrase_of(settings: Settings, key_file: Path | None, *, unencrypted: bool) -> str | None:
    """None where nothing is to be encrypted; raises `CouldNotRun` for a key file that holds no key."""
    path = key_file or (Path(settings.backup.key_file) if settings.backup.key_file else None)
    if unencrypted:
        return None
    if path is None:
        return settings.backup.key or None
    passphrase = path.read_text(encoding="utf-8").strip()
    if len(passphrase) < _SHORTEST_KEY:
        raise CouldNotRun(f"{path}: must hold a passphrase of at least {_SHORTEST_KEY} characters")
    return passphrase


key_file_option = click.option(
    "--key-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with the passphrase, instead of backup.key.",
)
unencrypted_option = click.option(
    "--unencrypted", is_flag=True, help="Without a key: whoever has the place can read it."
)
options_option = click.option(
    "--options", type=Options(), default="{}", help="What the place's storage client needs, as [storage] options."
)
