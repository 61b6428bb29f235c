"""P5, P6, P9: a page of the gallery and the counts of a list's records in a large clinic, against the raw driver.

The driver runs the very same SQL and fetches the rows; ours also makes of them the views that clients get.
"""

import argparse
import asyncio
import json
import sqlite3
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, TypeAlias

import asyncpg
from sqlalchemy import Dialect
from sqlalchemy.dialects import registry, sqlite

from adapters.sql.attachment_views import SqlAttachmentViews
from adapters.sql.connections import Database
from adapters.sql.database import open_database
from adapters.sql.document_views import SqlDocumentViews
from adapters.sql.prepared import Prepared
from adapters.sql.values import sqlite_values
from application.ports.paging import PageRequest
from application.ports.views import PhotoCriteria
from application.reach import within
from domain.access import Principal, Role
from domain.ids import ClinicId, PatientId, UserId
from tests.benchmarks.clinics import CLINIC, HEAVY, REGULARS, copy, database
from tests.migrations.recording import RecordingDatabase
from tests.services.postgres import postgres_server

DOCUMENTS = 1_000_000
DEPTH = 10_000
_ROUNDS = 400
_SQLITE, _POSTGRESQL = sqlite.dialect(paramstyle="qmark"), registry.load("postgresql.asyncpg")()

_ACTOR = Principal(clinic_id=ClinicId(CLINIC), user_id=UserId("dentist-1"), roles=frozenset({Role.DENTIST}))

Look: TypeAlias = Callable[[Database, int], Awaitable[object]]
Case: TypeAlias = dict[str, object]


async def regular(on: Database, number: int) -> object:
    """The first 60 of some hundred pictures of one patient after another."""
    patient = PatientId(f"regular-{number % REGULARS}")
    return await SqlDocumentViews(on).photos(_ACTOR, patient, PhotoCriteria(), PageRequest(size=60))


async def heavy(on: Database, _: int) -> object:
    return await SqlDocumentViews(on).photos(_ACTOR, PatientId(HEAVY), PhotoCriteria(), PageRequest(size=60))


def heavy_after(position: tuple[str, str]) -> Look:
    async def look(on: Database, _: int) -> object:
        request = PageRequest(size=60, after=position)
        return await SqlDocumentViews(on).photos(_ACTOR, PatientId(HEAVY), PhotoCriteria(), request)

    return look


async def counts(on: Database, number: int) -> object:
    """How many documents each of 200 visits has, of twenty patients."""
    patients = (f"regular-{(number + each) % REGULARS}" for each in range(20))
    return await SqlAttachmentViews(on).counts(_ACTOR, "visit", [f"{id}-{n}" for id in patients for n in range(10)])


def cases(documents: int = DOCUMENTS) -> list[Case]:
    """Rows of the benchmark table, in milliseconds; making the databases takes two minutes the first time."""
    large, small = database(documents), database(documents // 10)
    return asyncio.run(_cases(documents, large, small))


async def _cases(documents: int, large: Path, small: Path) -> list[Case]:
    with within(ClinicId(CLINIC)):
        return [*await _on_sqlite(documents, large, small), *await _on_postgresql(documents // 10, small)]


async def _on_postgresql(documents: int, source: Path) -> list[Case]:
    """Over the wire: what the clock says, for the processor's time is mostly the server's."""
    with postgres_server() as server:
        async with server.database() as url:
            # Without the wall between clinics, as whoever may go round it
            plain = server.unwalled(url)
            await copy(source, plain)
            on, driver = open_database(url), await asyncpg.connect(plain)
            said = [await _said(on, regular, number, _POSTGRESQL) for number in range(REGULARS)]

            async def raw(number: int) -> object:
                sql, values = said[number % REGULARS]
                return await driver.fetch(sql, *values)

            times = await _timed(lambda number: regular(on, number), raw, clock=time.perf_counter)
            await driver.close()
            await on.close()
    return [_case(f"P5 gallery page of 60, {documents:,} documents, PostgreSQL, ms", "<= 1.6", *times)]


async def _on_sqlite(documents: int, large: Path, small: Path) -> list[Case]:
    on, other = open_database(f"sqlite:///{large}"), open_database(f"sqlite:///{small}")
    with closing(sqlite3.connect(large)) as driver:
        driver.execute("PRAGMA cache_size = -32768")
        deep = heavy_after(_position(driver))
        page = f"P5 gallery page of 60, {documents:,} documents"
        counted = f"P9 counts of 200 owners, {2 * documents:,} links"
        found = [
            _case(f"{page}, CPU ms", "<= 3", *await _against_driver(on, driver, regular)),
            _case(f"{counted}, CPU ms", "<= 3", *await _against_driver(on, driver, counts)),
            _case(
                f"P6 the page at {documents:,} / {documents // 10:,}, CPU ms",
                "<= 1.3",
                *await _timed(lambda n: regular(on, n), lambda n: regular(other, n)),
            ),
            _case(
                f"P9 the counts at {2 * documents:,} / {documents // 5:,} links, CPU ms",
                "<= 1.3",
                *await _timed(lambda n: counts(on, n), lambda n: counts(other, n)),
            ),
            _case(
                f"P6 the page at depth {DEPTH:,} / at the top, CPU ms",
                "<= 1.3",
                *await _timed(lambda n: deep(on, n), lambda n: heavy(on, n)),
            ),
        ]
    await on.close()
    await other.close()
    return found


async def _against_driver(on: Database, driver: sqlite3.Connection, look: Look) -> tuple[list[float], list[float]]:
    said = [await _said(on, look, number, _SQLITE) for number in range(REGULARS)]

    async def raw(number: int) -> object:
        return driver.execute(*said[number % REGULARS]).fetchall()

    return await _timed(lambda number: look(on, number), raw)


async def _said(on: Database, look: Look, number: int, dialect: Dialect) -> tuple[str, list[Any]]:
    """The one statement that a look sends, as the driver gets it."""
    recording = RecordingDatabase(on)
    await look(recording, number)
    (asked,) = recording.asked
    prepared = Prepared(asked.statement, dialect)
    values = prepared.bind(asked.values)
    return prepared.sql, sqlite_values(values) if dialect is _SQLITE else values


def _position(driver: sqlite3.Connection) -> tuple[str, str]:
    shown_at, id = driver.execute(
        "SELECT shown_at, id FROM documents WHERE clinic_id = ? AND patient_id = ? AND trashed_at IS NULL"
        " AND archived_at IS NULL AND media_kind IN ('photo', 'xray')"
        f" ORDER BY shown_at DESC, id DESC LIMIT 1 OFFSET {DEPTH}",
        (CLINIC, HEAVY),
    ).fetchone()
    return shown_at, id


async def _timed(
    ours: Callable[[int], Awaitable[object]],
    reference: Callable[[int], Awaitable[object]],
    clock: Callable[[], float] = time.thread_time,
) -> tuple[list[float], list[float]]:
    """Milliseconds of each, of processor time unless by another clock, in turns, once everything was read before."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(-REGULARS, _ROUNDS):
        for each, kept in zip((ours, reference), times, strict=True):
            before = clock()
            await each(number)
            if number >= 0:
                kept.append((clock() - before) * 1000)
    return times


def _case(name: str, target: str, ours: Sequence[float], reference: Sequence[float]) -> Case:
    ratios = sorted(statistics.median(ours[n::8]) / statistics.median(reference[n::8]) for n in range(8))
    mine, other = statistics.median(ours), statistics.median(reference)
    return {
        "case": name,
        "ours": round(mine, 3),
        "reference": round(other, 3),
        "ratio": round(mine / other, 2),
        "target": target,
        "spread": f"{ratios[0]:.2f} to {ratios[-1]:.2f}",
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=DOCUMENTS, help="how many; a tenth of it is made as well")
    for row in cases(parser.parse_args().documents):
        print(json.dumps(row))
