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
from contextlib import AsyncExitStack, closing
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
from tests.benchmarks.clinics import CLINIC, HEAVY, REGULARS, copy, database, regulars_of
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
    """Rows of the benchmark table, in milliseconds; making the databases takes some minutes the first time."""
    return asyncio.run(_cases([documents // 100, documents // 10, documents]))


async def _cases(sizes: Sequence[int]) -> list[Case]:
    """Of the largest; and how the costs grow from the smallest on."""
    sources = [database(size) for size in sizes]
    with within(ClinicId(CLINIC)), closing(sqlite3.connect(sources[-1])) as driver:
        deep = heavy_after(_position(driver))
        driver.execute("PRAGMA cache_size = -32768")
        clinics = [open_database(f"sqlite:///{source}") for source in sources]
        found = [*await _on_sqlite(sizes, clinics, driver), *await _growth(sizes, clinics, deep, "SQLite, CPU ms")]
        for clinic in clinics:
            await clinic.close()
        return [*found, *await _on_postgresql(sizes, sources, deep)]


async def _on_sqlite(sizes: Sequence[int], clinics: Sequence[Database], driver: sqlite3.Connection) -> list[Case]:
    return [
        _case(f"{_page(sizes[-1])}, SQLite, CPU ms", "<= 3", *await _against_driver(clinics[-1], driver, regular)),
        _case(f"{_counted(sizes[-1])}, SQLite, CPU ms", "<= 3", *await _against_driver(clinics[-1], driver, counts)),
    ]


async def _on_postgresql(sizes: Sequence[int], sources: Sequence[Path], deep: Look) -> list[Case]:
    """Over the wire: what the clock says, for the processor's time is mostly the server's.

    The service's role stands behind the wall between clinics, where the server looks at each row's clinic again; the
    driver connects as whoever may go round it.
    """
    with postgres_server() as server:
        async with AsyncExitStack() as opened:
            urls = [await opened.enter_async_context(server.database()) for _ in sizes]
            for source, url in zip(sources, urls, strict=True):
                await copy(source, server.unwalled(url))
            clinics = [open_database(url) for url in urls]
            round_it = server.unwalled(urls[-1])
            unwalled = open_database(round_it.replace("postgresql:", "postgresql+asyncpg:", 1))
            driver = await asyncpg.connect(round_it)
            found = []
            for case, look, target in ((_page, regular, "<= 1.6"), (_counted, counts, "<= 3")):
                for on, where in ((clinics[-1], "PostgreSQL"), (unwalled, "PostgreSQL without its wall")):
                    times = await _against_postgresql(on, driver, look)
                    found.append(_case(f"{case(sizes[-1])}, {where}, ms", target, *times))
            found += await _growth(sizes, clinics, deep, "PostgreSQL, ms", time.perf_counter)
            await driver.close()
            for on in (*clinics, unwalled):
                await on.close()
    return found


def _page(documents: int) -> str:
    return f"P5 gallery page of 60, {documents:,} documents"


def _counted(documents: int) -> str:
    return f"P9 counts of 200 owners, {2 * documents:,} links"


async def _growth(
    sizes: Sequence[int],
    clinics: Sequence[Database],
    deep: Look,
    where: str,
    clock: Callable[[], float] = time.thread_time,
) -> list[Case]:
    """What the largest clinic costs more than each smaller one, for patients and visits with as many documents."""
    # `counts` goes on to the nineteen patients after
    alike, large, found = max(1, regulars_of(sizes[0]) - 19), clinics[-1], []
    # All links of a small clinic fit into the processor's caches; of the page alone is a figure asked.
    for name, look, target in (("P6 the page", regular, "<= 1.3"), ("P9 the counts", counts, "<= 3")):
        for size, small in zip(sizes[:-1], clinics[:-1], strict=True):
            times = await _timed(
                lambda n, look=look: look(large, n % alike),  # type: ignore[misc]
                lambda n, look=look, small=small: look(small, n % alike),  # type: ignore[misc]
                clock,
            )
            found.append(_case(f"{name} at {sizes[-1]:,} / at {size:,} documents, {where}", target, *times))
    times = await _timed(lambda n: deep(large, n), lambda n: heavy(large, n), clock)
    return [*found, _case(f"P6 the page at depth {DEPTH:,} / at the top, {where}", "<= 1.3", *times)]


async def _against_postgresql(
    on: Database, driver: "asyncpg.Connection[asyncpg.Record]", look: Look
) -> tuple[list[float], list[float]]:
    said = [await _said(on, look, number, _POSTGRESQL) for number in range(REGULARS)]

    async def raw(number: int) -> object:
        sql, values = said[number % REGULARS]
        return await driver.fetch(sql, *values)

    return await _timed(lambda number: look(on, number), raw, clock=time.perf_counter)


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
    parser.add_argument(
        "--documents", type=int, default=DOCUMENTS, help="how many; a tenth and a hundredth are made as well"
    )
    for row in cases(parser.parse_args().documents):
        print(json.dumps(row))
