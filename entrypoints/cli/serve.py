"""clinic-media serve."""

import os
import shutil
import socket
from pathlib import Path

import click

from entrypoints.cli.outcome import CouldNotRun, config_option, examples
from entrypoints.configuration import CONFIG, check_servable, read_settings
from entrypoints.loading import loading
from entrypoints.settings import Settings

FINISH_SECONDS = 60
"""How long a stopped server may take for the requests that are under way."""


@click.command(
    short_help="Serve the HTTP API and the clinic app.",
    epilog=examples(
        "clinic-media serve",
        "clinic-media serve --host 0.0.0.0 --port 8080 --config /etc/clinic-media.toml",
        "granian --interface asgi entrypoints.asgi:app    (the same application, under a server of your own)",
    ),
)
@click.option("--host", help="The address to listen on; 127.0.0.1 unless set.")
@click.option("--port", type=click.IntRange(1, 65535), help="8000 unless set.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes; 1 unless set.")
@config_option
def serve(host: str | None, port: int | None, workers: int | None, config: Path | None) -> None:
    """Serve the HTTP API and the clinic app, and do the worker's jobs beside.

    An SQLite database is made and upgraded by itself; a PostgreSQL one by clinic-media migrate. SIGTERM or Ctrl+C
    lets requests that are under way finish, uploads too.
    """
    settings = read_settings(config, os.environ)
    check_servable(settings)
    processes = workers or settings.server.workers
    _check_processes(settings, processes)
    check_port(host := host or settings.server.host, port := port or settings.server.port)
    if processes > 1:
        _share_metrics(settings.folder / "metrics")

    with loading():
        from entrypoints.cli.schema import check_schema
        from entrypoints.container import Container
        from entrypoints.http.forwarding import Forwarding
        from entrypoints.worker import check_brokers

    container = Container(settings=settings)
    check_brokers(container)
    Forwarding(settings.storage, container.blobs())
    check_schema(container, upgrade_sqlite=True)
    if config is not None:
        os.environ[CONFIG] = str(config.absolute())
    click.echo(f"Serving http://{host}:{port}/  (Ctrl+C stops)", err=True)
    run_server(host, port, processes, settings)


def _share_metrics(folder: Path) -> None:
    """Before anything is imported that counts: the processes write their figures where each finds those of all."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def _check_processes(settings: Settings, processes: int) -> None:
    if processes > 1 and "memory" in (settings.database_kind, settings.storage_kind):
        raise CouldNotRun("memory:// is each process's own: with it there can only be --workers 1")


def check_port(host: str, port: int) -> None:
    """Raises `CouldNotRun` where nothing can listen."""
    try:
        address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(address[0], socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address[4])
    except OSError as error:
        reason = error.strerror or "no such address"
        raise CouldNotRun(
            f"Cannot listen on {host}:{port} ({reason}). Stop what listens there or choose another with --port"
        ) from error


def run_server(host: str, port: int, processes: int, settings: Settings) -> None:
    """Until it is stopped. The application reads its settings from the environment."""
    with loading():
        from granian.constants import Interfaces
        from granian.server import Server

        import entrypoints.http.app  # noqa: F401 - here once: the workers are forks that find it loaded
        from entrypoints.cli.logs import of_the_server

    Server(
        "entrypoints.overseen:app",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=processes,
        websockets=False,
        workers_kill_timeout=FINISH_SECONDS,
        respawn_failed_workers=True,
        log_dictconfig=dict(of_the_server(settings.logging)),
    ).serve()
