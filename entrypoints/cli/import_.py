"""clinic-media import."""

import asyncio
import fcntl
import json
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from application.reach import over_every_clinic
from entrypoints.cli.outcome import CouldNotRun, config_option, examples, json_option, something_wrong
from entrypoints.configuration import read_settings

if TYPE_CHECKING:
    from application.importing.analysis import Progress
    from application.importing.report import Report
    from application.importing.undo import Undone
    from application.ports.legacy import LegacySource
    from entrypoints.container import Container

F = TypeVar("F", bound=Callable[..., Any])
Work = Callable[["Container"], Awaitable[Any]]


@click.group(
    "import",
    short_help="Bring an installation of MediKeep or DentalPin over.",
    epilog=examples("clinic-media import medikeep --help", "clinic-media import dentalpin --help"),
)
def import_() -> None:
    """Bring an installation of another program over: its patients, records, grants, notes and files.

    The source is only ever read. Interrupted, the same command goes on where it was; run again it adds nothing.
    """


def _source_options(folder: str, of: str) -> Callable[[F], F]:
    """What every import is told: where the source is, and what to do with it."""
    options = (
        click.option("--database", required=True, help="The source's: sqlite:///path or postgresql://user@host/name."),
        click.option(
            folder,
            "files",
            required=True,
            type=click.Path(exists=True, file_okay=False, path_type=Path),
            help=f"The source's folder of {of}.",
        ),
        click.option("--analyse", "--dry-run", "analyse", is_flag=True, help="Only tell what is there; write nothing."),
        click.option(
            "--batch", default=100, show_default=True, type=click.IntRange(1, 1000), help="Files per transaction."
        ),
        click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write what came of it, too."),
        config_option,
        json_option,
    )

    def added(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return added


@import_.command(
    short_help="From MediKeep.",
    epilog=examples(
        "clinic-media import medikeep --database sqlite:////srv/medikeep/medikeep.db --uploads /srv/medikeep/uploads "
        "--analyse",
        "clinic-media import medikeep --database postgresql://reader@db/medikeep --uploads /srv/medikeep/uploads "
        "--clinic home --report import.json --json",
    ),
)
@_source_options("--uploads", "uploaded files")
@click.option("--clinic", default="medikeep", show_default=True, help="The clinic that they come into.")
def medikeep(database: str, files: Path, clinic: str, **options: Any) -> None:
    """Bring a MediKeep installation into a clinic, and prove that all of it came.

    Each account gets a grant for its patients: tokens name it by its id there. Files whose bytes contradict their type
    come in as they are, to be downloaded only. Exits 1 when something was lost, each loss named.
    """
    from domain.ids import ClinicId, host_id

    to = ClinicId(host_id(clinic, "clinic"))
    _import(lambda container: container.medikeep(database, files, to), **options)


@import_.command(
    short_help="From DentalPin.",
    epilog=examples(
        "clinic-media import dentalpin --database postgresql://reader@db/dentalpin --storage /srv/dentalpin/storage "
        "--analyse",
        "clinic-media import dentalpin --database sqlite:////srv/copy/dentalpin.db --storage /srv/dentalpin/storage "
        "--report import.json --json",
    ),
)
@_source_options("--storage", "stored files")
def dentalpin(database: str, files: Path, **options: Any) -> None:
    """Bring every clinic of a DentalPin installation over, of any version, and prove that all of it came.

    Clinics, patients, users and documents keep their ids: tokens name them by these. Pictures are made anew. Exits 1
    when something was lost, each loss named.
    """
    _import(lambda container: container.dentalpin(database, files), **options)


@over_every_clinic()
def _import(
    opening: Callable[["Container"], "LegacySource"],
    *,
    analyse: bool,
    batch: int,
    report: Path | None,
    config: Path | None,
    as_json: bool,
) -> None:
    async def work(container: "Container") -> Any:
        source = opening(container)
        with _bar() as progress:
            if analyse:
                return await container.analyse_import()(source, progress)
            with _alone(container):
                return await container.import_installation()(source, progress, batch=batch)

    found: Report = asyncio.run(_opened(config, work))
    _tell(found, report, as_json, analysed=analyse)


@import_.command(
    short_help="Take back what an import brought in.",
    epilog=examples("clinic-media import undo 01900000-0000-7000-8000-000000000000"),
)
@click.argument("run")
@config_option
@json_option
@over_every_clinic()
def undo(run: str, config: Path | None, as_json: bool) -> None:
    """Remove exactly what the import RUN brought in, with its bytes.

    What somebody has changed since stays, and so does what hangs on it; then this exits 1.
    """
    from domain.errors import NotFound

    async def work(container: "Container") -> Any:
        with _alone(container):
            return await container.undo_import()(_uuid(run))

    def _uuid(text: str) -> str:
        from uuid import UUID

        try:
            return str(UUID(text))
        except ValueError:
            raise NotFound("There is no import of this id") from None

    from entrypoints.cli.import_report import counted

    undone: Undone = asyncio.run(_opened(config, work))
    if as_json:
        kept = [each._asdict() for each in undone.kept]
        click.echo(json.dumps({"removed": undone.removed, "kept": kept}))
    else:
        for kind, id, reason in undone.kept:
            click.echo(f"Kept: {kind} {id}: {reason}")
        click.echo(f"Removed: {counted(undone.removed) or 'nothing'}")
    if undone.kept:
        something_wrong()


async def _opened(config: Path | None, work: Work) -> Any:
    from entrypoints.cli.schema import check_schema
    from entrypoints.container import opened

    async with opened(read_settings(config, os.environ)) as container:
        await asyncio.to_thread(check_schema, container)
        return await work(container)


@contextmanager
def _alone(container: "Container") -> Iterator[None]:
    """Two imports at once would write the same documents. The system frees the lock however this process ends."""
    folder: Path = container.settings().folder
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "import.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CouldNotRun("Another import is under way; wait for its end") from None
        yield


class _bar:  # noqa: N801 - read as a word where it is used
    """A progress bar on standard error, gone when it is done."""

    def __enter__(self) -> "Progress":
        from rich.console import Console
        from rich.progress import Progress as Bar

        self._shown = Bar(console=Console(stderr=True), transient=True)
        self._shown.start()
        task = self._shown.add_task("Reading", total=None)
        return lambda what, done, of: self._shown.update(task, description=what, completed=done, total=of)

    def __exit__(self, *_: object) -> None:
        self._shown.stop()


def _tell(found: "Report", report: Path | None, as_json: bool, *, analysed: bool) -> None:
    from entrypoints.cli.import_report import lines

    told = json.dumps(told_as_json(found), ensure_ascii=False, indent=2) if as_json else "\n".join(lines(found))
    click.echo(told)
    if report is not None:
        report.write_text(told + "\n", encoding="utf-8")
    if not analysed and not found.whole:
        something_wrong()


def told_as_json(found: "Report") -> dict[str, Any]:
    told = asdict(found)
    told["anomalies"] = [
        {"code": each.code, "table": each.row.table, "row": each.row.id, "name": each.name}
        | {"reason": each.reason, "lost": each.lost}
        for each in found.anomalies
    ]
    return told | {"whole": found.whole}
