"""clinic-media openapi."""

import json
from pathlib import Path

import click

from entrypoints.cli.outcome import examples


@click.command(
    short_help="Print the OpenAPI document.",
    epilog=examples("clinic-media openapi > openapi.json", "clinic-media openapi --output openapi.json"),
)
@click.option(
    "--output", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="A file, instead of the terminal."
)
def openapi(output: Path | None) -> None:
    """Print the OpenAPI 3.1 document of the HTTP API. Needs no settings, no database and no server."""
    from entrypoints.container import Container
    from entrypoints.http.app import create_app
    from entrypoints.settings import Auth, Database, Settings, Storage

    nowhere = Settings(
        database=Database(url="memory://"), storage=Storage(url="memory://"), auth=Auth(secret="not used here" * 3)
    )
    document = create_app(Container(settings=nowhere)).openapi_schema.to_schema()
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
