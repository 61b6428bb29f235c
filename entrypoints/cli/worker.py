"""clinic-media worker."""

import asyncio
import os
import signal
from pathlib import Path

import click

from entrypoints.cli.logs import log_to_stderr
from entrypoints.cli.outcome import CouldNotRun, config_option, examples
from entrypoints.configuration import read_settings
from entrypoints.loading import loading
from entrypoints.settings import Settings


@click.command(
    short_help="Deliver events and finish what was interrupted, without serving.",
    epilog=examples("clinic-media worker", "clinic-media worker --config /etc/clinic-media.toml"),
)
@config_option
def worker(config: Path | None) -> None:
    """Deliver events, finish what a crash interrupted, make missing pictures.

    clinic-media serve does all this by itself; run workers of their own to keep it going while nothing is served.
    Several may run at once. SIGTERM or Ctrl+C ends it after what is under way.
    """
    settings = read_settings(config, os.environ)
    if "memory" in (settings.database_kind, settings.storage_kind):
        raise CouldNotRun("What is in memory is in another process; a worker needs a database and a storage")
    log_to_stderr(settings.logging)
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    with loading():
        from entrypoints.cli.schema import check_schema
        from entrypoints.container import opened
        from entrypoints.worker import working

    async with opened(settings) as container:
        await asyncio.to_thread(check_schema, container)
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        async with working(container):
            await stop.wait()
