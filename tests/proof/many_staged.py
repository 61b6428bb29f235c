"""G8: the start after a crash that left thousands of uploads committed and not yet at their place.

    python -m tests.proof.many_staged --rows 10000 [--database postgresql]

Local disk. The rows with their events, and the staging entries, are made as a crash between the two steps leaves them.
Then `clinic-media serve` is started and asked, as an empty installation was just before, which tells how fast the
machine is: it must answer within five seconds, hand out what is not at its place yet, and have everything in its place
within a minute. `clinic-media verify --read-data` must find nothing.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Literal
from zlib import crc32

import httpx
from sqlalchemy import make_url

from adapters.sql.database import open_database
from adapters.sql.schema import upgrade
from adapters.sql.unit_of_work import OpenSqlUnitOfWork
from adapters.system import SystemClock, Uuid7
from application.ports.blobs import ORIGINAL
from application.reach import within
from domain.documents import Document
from domain.events import DocumentUploaded
from domain.ids import ClinicId, PatientId
from tests.proof.figure import Figure, command
from tests.proof.kill_server import Server, verified
from tests.proof.persistent import bearer
from tests.samples import document, staff
from tests.services.postgres import postgres_server

SERVING_SECONDS, CLEAN_SECONDS = 5.0, 60.0
_GIVEN_UP_SECONDS = 600.0
_CLINIC = ClinicId("c")
_AT_ONCE = 1_000


@dataclass(slots=True)
class Start:
    """Seconds. `slowest` is the longest answer while uploads were brought to their place, `asked` how many there were;
    `clean` is counted from the start of the process."""

    empty: float = 0.0
    serving: float = 0.0
    clean: float = 0.0
    slowest: float = 0.0
    asked: int = 0
    found: list[str] = field(default_factory=list)

    @property
    def is_in_time(self) -> bool:
        return self.serving <= SERVING_SECONDS and self.clean <= CLEAN_SECONDS


def data_of(number: int) -> bytes:
    return f"Informe número {number}\n".encode() * 40


async def leave(folder: Path, url: str, rows: int) -> Sequence[Document]:
    """What the crash has left."""
    (folder / "data" / "files" / "staging").mkdir(parents=True)
    made, database = list[Document](), open_database(url)
    for start in range(0, rows, _AT_ONCE):
        async with OpenSqlUnitOfWork(database, SystemClock(), Uuid7())(staff(_CLINIC)) as uow:
            for number in range(start, min(rows, start + _AT_ONCE)):
                made.append(one := _staged(folder, number))
                await uow.documents.add(one)
                uow.record(
                    DocumentUploaded(patient_id=one.patient_id, document_id=one.id, document_type=one.document_type)
                )
            await uow.commit()
    await database.close()
    return made


def _staged(folder: Path, number: int) -> Document:
    data = data_of(number)
    one = document(
        PatientId(f"p-{number % 500}"),
        _CLINIC,
        original_filename="informe.txt",
        mime_type="text/plain",
        size=len(data),
        sha256=sha256(data).hexdigest(),
        crc32=crc32(data),
    )
    entry = folder / "data" / "files" / "staging" / one.id
    entry.mkdir()
    (entry / ORIGINAL).write_bytes(data)
    return one


def watch(folder: Path, server: Server, began: float, made: Sequence[Document], start: Start, dice: Random) -> None:
    """Ask for documents by dice until everything is at its place."""
    staging = folder / "data" / "files" / "staging"
    with httpx.Client(base_url=f"{server.url}/api/v1/media", headers=bearer(), timeout=60) as client:
        while any(staging.iterdir()):
            if time.perf_counter() - began > _GIVEN_UP_SECONDS:
                start.found.append(f"{len(list(staging.iterdir()))} are still on their way")
                break
            one, asked_at = dice.choice(made), time.perf_counter()
            answer = client.get(f"/documents/{one.id}/download")
            start.slowest = max(start.slowest, time.perf_counter() - asked_at)
            start.asked += 1
            if answer.status_code != httpx.codes.OK or sha256(answer.content).hexdigest() != one.file.sha256:
                start.found.append(f"{one.id} was answered with {answer.status_code} while it was on its way")
            time.sleep(0.05)
    start.clean = time.perf_counter() - began


@contextmanager
def served(folder: Path, url: str) -> Iterator[tuple[Server, float]]:
    """With the moment at which its process was started."""
    began = time.perf_counter()
    server = Server(folder, DATABASE__URL=url)
    try:
        server.wait()
        yield server, began
    finally:
        server.kill()


def started(url: str) -> float:
    """Seconds until an installation without anything in it answers."""
    upgrade(url)
    with tempfile.TemporaryDirectory(prefix="clinic-media-empty-") as name, served(Path(name), url) as (_, began):
        return time.perf_counter() - began


def measure(rows: int, url: str, seed: int = 1) -> Start:
    """Over a database without tables."""
    start = Start()
    upgrade(url)
    with tempfile.TemporaryDirectory(prefix="clinic-media-staged-") as name:
        folder = Path(name)
        with within(_CLINIC):
            made = asyncio.run(leave(folder, url, rows))
        with served(folder, url) as (server, began):
            start.serving = time.perf_counter() - began
            watch(folder, server, began, made, start, Random(seed))
        start.found += verified(folder, DATABASE__URL=url)
    return start


def figure(*, rows: int = 10_000, seed: int = 1, database: Literal["sqlite", "postgresql"] = "sqlite") -> Figure:
    with ExitStack() as stack:
        if database == "sqlite":
            name = stack.enter_context(tempfile.TemporaryDirectory(prefix="clinic-media-staged-"))
            empty, full = f"sqlite:///{name}/empty.db", f"sqlite:///{name}/full.db"
        else:
            server = stack.enter_context(postgres_server())
            url = make_url(server.url).set(drivername="postgresql+asyncpg")
            asyncio.run(server.run("CREATE DATABASE empty"))
            empty, full = (each.render_as_string(hide_password=False) for each in (url.set(database="empty"), url))
        as_empty = started(empty)
        start = measure(rows, full, seed)
    start.empty = as_empty
    if not start.is_in_time:
        start.found.append(f"serving after {start.serving:.1f} s, clean after {start.clean:.1f} s")
    told = {
        "staged": f"{rows} with their rows, {database}",
        "serving": f"after {start.serving:.1f} s, an empty installation after {start.empty:.1f} s",
        "clean": f"after {start.clean:.1f} s",
        "meanwhile": f"{start.asked} documents asked for, the slowest took {start.slowest:.2f} s",
        "wrong": len(start.found),
    }
    return Figure(told, start.found)


if __name__ == "__main__":
    sys.exit(command(figure))
