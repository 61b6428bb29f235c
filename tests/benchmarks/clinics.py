"""Databases of a large clinic, made once and kept in the temporary folder.

Uploads of all patients are interleaved as they would be in life, so the rows of one patient lie far apart.
"""

import os
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from pathlib import Path

import asyncpg

from adapters.sql.schema import expected, upgrade
from adapters.sql.tables import attachments, documents, pairing_members

CLINIC = "clinic-1"
HEAVY = "heavy"
"""A patient with `HEAVY_DOCUMENTS`. Each of `REGULARS` others has `REGULAR_DOCUMENTS`, and all others have few.

Of a small clinic these are fewer: see `regulars_of`.
"""

HEAVY_DOCUMENTS, REGULARS, REGULAR_DOCUMENTS = 12_000, 200, 120
OTHERS_HAVE = 19
VERSION = 3
"""Raise it when a database made before would not do any more."""

_DOCUMENTS = """
INSERT INTO documents
WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers LIMIT :documents),
dealt AS (SELECT n, (n * 7368787) % :documents AS bucket,
    printf('%08x-%04x-7%03x-8%03x-%012x', 380000000 + n / 1000, n % 1000, n % 4096, n * 31 % 4096, n * 97 + 9) AS id,
    strftime('%Y-%m-%dT%H:%M:%S.000000Z', 1577836800 + n * 120, 'unixepoch') AS at,
    n / 200 % 10 AS tenth FROM numbers),
placed AS (SELECT *, CASE WHEN bucket < :heavy THEN 'heavy' WHEN bucket < :heavy + :regular
    THEN 'regular-' || ((bucket - :heavy) % :regulars) ELSE 'p-' || (bucket % :others) END AS patient FROM dealt)
SELECT id, 'clinic-1', patient, 'other', 'IMG_' || n || ' intraoral frontal', CASE WHEN tenth = 3 THEN 'Control' END,
    CASE WHEN tenth = 0 THEN 'document' WHEN tenth = 1 THEN 'xray' ELSE 'photo' END,
    CASE WHEN tenth = 0 THEN NULL WHEN tenth = 1 THEN 'xray' WHEN tenth < 6 THEN 'intraoral' ELSE 'extraoral' END,
    CASE WHEN tenth = 1 THEN 'panoramic' WHEN tenth BETWEEN 2 AND 5 THEN 'frontal' END,
    CASE WHEN tenth > 1 THEN at END, CASE WHEN tenth > 1 THEN 'exif' ELSE 'none' END,
    CASE WHEN tenth = 4 THEN '["control","boca"]' ELSE '[]' END,
    'IMG_' || n || '.jpg', 'image/jpeg', 3800000 + n, printf('%064x', n * 7919), n,
    'clinic-1/' || patient || '/2020-01/' || id, 4000, 3000, 'ready', 1, 'YQgKHYQ3h4d3d4eHd4d4eHh4gIeIiHc=',
    NULL, 'dentist-' || (n % 7), 'Dr. Vega', at, at, NULL, CASE WHEN n / 2000 % 100 = 99 THEN at END, NULL, 0, 1,
    at, 'img_' || n || '.jpg', 'img_' || n || ' intraoral frontal img_' || n || '.jpg',
    n / 2000 % 100 <> 99, n / 2000 % 100 <> 99 AND tenth <> 0, 'unscanned'
FROM placed
"""
_PAIRS = """
INSERT INTO pairing_members
WITH pictures AS (SELECT id, patient_id, created_at,
    row_number() OVER (PARTITION BY patient_id ORDER BY id) AS place FROM documents
    WHERE patient_id LIKE 'regular-%' AND media_kind <> 'document'),
pairs AS (SELECT one.id AS one, two.id AS two, one.patient_id, one.created_at, 'f' || substr(one.id, 2) AS pairing
    FROM pictures AS one JOIN pictures AS two ON two.patient_id = one.patient_id AND two.place = one.place + 1
    WHERE one.place % 10 = 1)
SELECT one, two, 'before', pairing, 'clinic-1', patient_id, created_at FROM pairs
UNION ALL SELECT two, one, 'after', pairing, 'clinic-1', patient_id, created_at FROM pairs
"""
_ATTACHMENTS = """
INSERT INTO attachments
SELECT which.letter || substr(documents.id, 2), 'clinic-1', patient_id, documents.id, which.type,
    patient_id || '-' || (documents.rowid % 10), documents.rowid % 5, NULL, created_at
FROM documents, (SELECT 'a' AS letter, 'visit' AS type UNION ALL SELECT 'b', 'treatment') AS which
"""
_TABLES = (documents, pairing_members, attachments)
# What is made in one go once the rows are there, in order, with what takes it away.
_MADE_LAST = """
SELECT undo, make FROM (
    SELECT 0 AS turn, indexrelid AS oid, 'DROP INDEX ' || indexrelid::regclass, pg_get_indexdef(indexrelid)
    FROM pg_index WHERE indrelid = ANY ($1::text[]::regclass[])
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype <> 'f')
    UNION ALL
    SELECT CASE contype WHEN 'f' THEN 2 ELSE 1 END, oid,
        format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
        format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE conrelid = ANY ($1::text[]::regclass[]) AND contype IN ('p', 'u', 'f')
) AS made (turn, oid, undo, make) ORDER BY turn, oid
"""


def database(size: int) -> Path:
    """An SQLite database with `size` documents and twice as many attachments; a million take about a minute."""
    name = f"clinic-media-benchmark-{size}-{expected()}-{VERSION}.db"
    path = Path(tempfile.gettempdir(), name)
    if not path.exists():
        unfinished = path.with_name(f"{name}.{os.getpid()}")
        upgrade(f"sqlite:///{unfinished}")
        _fill(unfinished, size)
        unfinished.rename(path)
    return path


def _fill(path: Path, size: int) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        # Who loses such a database makes it again.
        for pragma in ("journal_mode = DELETE", "synchronous = OFF", "cache_size = -600000", "foreign_keys = OFF"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        indexes = connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
            " AND tbl_name IN ('documents', 'attachments', 'pairing_members')"
        ).fetchall()
        figures = connection.execute("SELECT * FROM sqlite_stat1").fetchall()
        for index, _ in indexes:
            connection.execute(f"DROP INDEX {index}")
        connection.execute(_DOCUMENTS, _shares(size))
        connection.execute(_ATTACHMENTS)
        connection.execute("CREATE INDEX of_patient ON documents (patient_id, id)")
        connection.execute(_PAIRS)
        connection.execute("DROP INDEX of_patient")
        for _, definition in indexes:
            connection.execute(definition)
        connection.execute("DELETE FROM sqlite_stat1")
        connection.executemany("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", figures)
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode = WAL")


def regulars_of(size: int) -> int:
    """How many patients with `REGULAR_DOCUMENTS` there are among so many documents."""
    return max(1, min(REGULARS, size // 200))


def _shares(size: int) -> dict[str, int]:
    heavy, regulars = min(HEAVY_DOCUMENTS, size // 5), regulars_of(size)
    regular = regulars * REGULAR_DOCUMENTS
    others = max(1, (size - heavy - regular) // OTHERS_HAVE)
    return {"documents": size, "heavy": heavy, "regular": regular, "regulars": regulars, "others": others}


async def copy(path: Path, url: str) -> None:
    """Put what an SQLite database of this module has into a PostgreSQL one, which is empty and migrated.

    As whoever may go round its wall between clinics; a million documents take about a minute.
    """
    connection = await asyncpg.connect(url)
    await connection.execute("SET maintenance_work_mem = '512MB'")
    made = await connection.fetch(_MADE_LAST, [table.name for table in _TABLES])
    for undo, _ in reversed(made):
        await connection.execute(undo)
    with closing(sqlite3.connect(path)) as source:
        for table in _TABLES:
            columns = [column.name for column in table.columns]
            await connection.copy_to_table(table.name, columns=columns, source=_lines(source, table.name, columns))
    for _, make in made:
        await connection.execute(make, timeout=600)
    await connection.execute("VACUUM ANALYZE", timeout=600)
    await connection.close()


async def _lines(source: sqlite3.Connection, table: str, columns: Sequence[str]) -> AsyncIterator[bytes]:
    """As COPY takes them: nothing that is made here needs to be escaped."""
    line = " || char(9) || ".join(f"coalesce({column}, '\\N')" for column in columns)
    rows = source.execute(f"SELECT {line} || char(10) FROM {table}")
    while lines := rows.fetchmany(10_000):
        yield "".join(line for (line,) in lines).encode()
