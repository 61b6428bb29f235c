"""clinic-media demo."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from application.reach import over_every_clinic
from entrypoints.cli.outcome import examples
from entrypoints.configuration import CONFIG, PREFIX

if TYPE_CHECKING:
    from entrypoints.demo.home import DemoHome
    from entrypoints.settings import Settings

_TOKENS_LAST = timedelta(days=30)


@click.command(
    short_help="Make a demo clinic and serve it.",
    epilog=examples(
        "clinic-media demo",
        "clinic-media demo --port 9000",
        "clinic-media demo --reset",
        "CLINIC_MEDIA_DATA_DIR=/tmp/try clinic-media demo --load-only",
    ),
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--reset", is_flag=True, help="Drop the demo clinic's data and make it anew.")
@click.option("--load-only", is_flag=True, help="Make the demo clinic but do not serve it.")
def demo(host: str, port: int, reset: bool, load_only: bool) -> None:
    """Make a demo clinic and serve it: ten invented patients with photos, x-rays, visits and notes.

    It lives in the folder demo under data_dir (CLINIC_MEDIA_DATA_DIR, else ./var/clinic-media), has a secret of its
    own and never touches another database. Made once; later starts find it as it was left. Nothing is fetched from
    the network.
    """
    from entrypoints.cli.serve import check_port, run_server
    from entrypoints.demo.home import DemoHome
    from entrypoints.settings import Settings

    home = DemoHome(Path(os.environ.get(PREFIX + "DATA_DIR") or Settings().data_dir).absolute() / "demo")
    if not load_only:
        check_port(host, port)
    settings = home.settings()
    if reset or not home.is_loaded:
        home.empty()
        _load(home, settings)
    _use_only(home)
    _introduce(settings, f"http://{host}:{port}", home)
    if not load_only:
        run_server(host, port, 1, settings)


@over_every_clinic()
def _load(home: "DemoHome", settings: "Settings") -> None:
    from rich.console import Console
    from rich.progress import Progress

    from entrypoints.cli.schema import check_schema
    from entrypoints.container import Container
    from entrypoints.demo.loading import STORIES, acts_of, load, sample_photo

    click.echo("Drawing the photos of the demo clinic, once; this takes about half a minute …", err=True)
    check_schema(Container(settings=settings), upgrade_sqlite=True)
    acts = acts_of(STORIES, datetime.now(UTC))
    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("Making the demo clinic", total=len(acts))
        asyncio.run(load(settings, acts, lambda: progress.advance(bar)))
    home.mark_loaded(sample_photo())


def _use_only(home: "DemoHome") -> None:
    """The server's processes read the demo's settings, and nothing else from the environment."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]
    os.environ[CONFIG] = str(home.settings_file)


def _introduce(settings: "Settings", url: str, home: "DemoHome") -> None:
    from entrypoints.demo.cast import CLINIC_ID, PEOPLE
    from entrypoints.signing import Bearer, signed_token

    now = datetime.now(UTC)
    lines = ["", f"The demo clinic is ready, in {home.folder}", "", f"  App  {url}/", f"  API  {url}/schema", ""]
    lines += ["A token for each of its people, good for 30 days; copy what you need into a shell:", ""]
    for person in PEOPLE:
        bearer = Bearer(clinic=CLINIC_ID, user=person.user, name=person.name, roles=[person.role])
        signed = signed_token(settings.auth, bearer, now=now, ttl=_TOKENS_LAST)
        lines += [f"# {person.name}", f"export {person.role.upper()}={signed}"]
    upload = f'curl -H "Authorization: Bearer $DENTIST" -F file=@{home.sample} -F media_category=intraoral'
    lines += [
        "",
        "Then upload a photo, and look at the gallery:",
        "",
        f"{upload} {url}/api/v1/media/patients/p-101/photos",
        f'curl -H "Authorization: Bearer $DENTIST" "{url}/api/v1/media/patients/p-101/photos?page_size=5"',
        "",
    ]
    click.echo("\n".join(lines))
