"""Writing a clinic's audit log anew behind the adapter's back, as somebody with the database in hands could."""

import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

import asyncpg

from adapters.memory.store import MemoryStore
from application.ports.audit_trail import AuditEntry, AuditRow
from domain.ids import ClinicId
from tests.services.postgres import over_every_clinic_at

Rewrite: TypeAlias = Callable[[list[AuditRow]], Sequence[AuditRow]]
Tamper: TypeAlias = Callable[[ClinicId, Rewrite], Awaitable[None]]

_COLUMNS = ", ".join(("seq", "hash", *AuditEntry._fields[1:]))
_COUNT = len(AuditEntry._fields) + 2


async def tamper_with_memory(store: MemoryStore, clinic: ClinicId, rewrite: Rewrite) -> None:
    chain = store.audit[clinic]
    chain.rows = list(rewrite(chain.rows))


async def tamper_with_sqlite(path: Path, clinic: ClinicId, rewrite: Rewrite) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        found = connection.execute(f"SELECT {_COLUMNS} FROM audit WHERE clinic_id = ? ORDER BY seq", [clinic])
        log = [_row(clinic, seq, digest, datetime.fromisoformat(at), *rest) for seq, digest, at, *rest in found]
        connection.execute("DELETE FROM audit WHERE clinic_id = ?", [clinic])
        connection.executemany(
            f"INSERT INTO audit (clinic_id, {_COLUMNS}) VALUES ({', '.join('?' * _COUNT)})",
            [(clinic, row.seq, row.hash, row.entry.at.isoformat(), *row.entry[2:]) for row in rewrite(log)],
        )


async def tamper_with_postgresql(url: str, clinic: ClinicId, rewrite: Rewrite) -> None:
    connection = await asyncpg.connect(over_every_clinic_at(url))
    try:
        await connection.execute("ALTER TABLE audit DISABLE TRIGGER USER")
        found = await connection.fetch(f"SELECT {_COLUMNS} FROM audit WHERE clinic_id = $1 ORDER BY seq", clinic)
        log = [_row(clinic, *each) for each in found]
        await connection.execute("DELETE FROM audit WHERE clinic_id = $1", clinic)
        await connection.executemany(
            f"INSERT INTO audit (clinic_id, {_COLUMNS}) VALUES ({', '.join(f'${n + 1}' for n in range(_COUNT))})",
            [(clinic, row.seq, row.hash, *row.entry[1:]) for row in rewrite(log)],
        )
    finally:
        await connection.close()


def _row(clinic: ClinicId, seq: int, digest: str, at: datetime, *rest: str) -> AuditRow:
    return AuditRow(seq, digest, AuditEntry(clinic, at, *rest))
