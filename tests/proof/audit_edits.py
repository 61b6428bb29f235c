"""G30: of so many edits of the audit log behind the service's back, how many verify finds.

    python -m tests.proof.audit_edits --count 1000 --seed 1

SQLite, whose triggers are dropped first. Each edit is made in a whole log: a field changed, with a hash to fit or
without; rows taken out, added, exchanged; the rest numbered and chained anew by somebody who knows how that is done.
"""

import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from application.audit_chain import GENESIS, chained
from application.ports.audit_trail import AuditEntry, AuditRow
from application.reach import over_every_clinic
from entrypoints.container import Container, opened
from tests.http.service import settings_for
from tests.proof.figure import Figure, command, progress
from tests.samples import CLINIC, NOON, document
from tests.tampering import Rewrite, tamper_with_sqlite

ROWS = 40
_USERS, _ACTIONS, _PATIENTS = (
    ("u-1", "u-2", "u-7"),
    ("document.read", "listPhotos", "media.photo_uploaded"),
    ("p1", "p2"),
)

Log = list[AuditRow]


def _entry(number: int, dice: Random) -> AuditEntry:
    return AuditEntry(
        clinic_id=CLINIC,
        at=NOON + timedelta(seconds=number),
        user_id=dice.choice(_USERS),
        action=dice.choice(_ACTIONS),
        document_id=document().id,
        patient_id=dice.choice(_PATIENTS),
        address="192.0.2.1",
        request_id=f"r-{number}",
    )


def _changed(row: AuditRow, dice: Random) -> AuditRow:
    field = dice.choice(AuditEntry._fields[1:])
    value: Any = row.entry.at + timedelta(microseconds=dice.randint(1, 10**9)) if field == "at" else f"x{dice.random()}"
    return row._replace(entry=row.entry._replace(**{field: value}))


def _rechained(log: Log, start: int = 0) -> Log:
    """Numbered and chained anew from `start` on."""
    kept = log[:start]
    for row in log[start:]:
        previous = kept[-1].hash if kept else GENESIS
        kept.append(AuditRow(len(kept) + 1, chained(previous, row.entry, len(kept) + 1), row.entry))
    return kept


def _field(log: Log, dice: Random) -> Log:
    at = dice.randrange(len(log))
    return [*log[:at], _changed(log[at], dice), *log[at + 1 :]]


def _field_and_hash(log: Log, dice: Random) -> Log:
    at = dice.randrange(len(log))
    row, previous = _changed(log[at], dice), log[at - 1].hash if at else GENESIS
    return [*log[:at], row._replace(hash=chained(previous, row.entry, row.seq)), *log[at + 1 :]]


def _field_and_all_after(log: Log, dice: Random) -> Log:
    at = dice.randrange(len(log))
    return _rechained([*log[:at], _changed(log[at], dice), *log[at + 1 :]], at)


def _taken_out(log: Log, dice: Random) -> Log:
    start = dice.randrange(len(log))
    return [*log[:start], *log[start + dice.randint(1, 5) :]]


def _taken_out_and_all_after(log: Log, dice: Random) -> Log:
    start = dice.randrange(len(log))
    return _rechained([*log[:start], *log[start + dice.randint(1, 5) :]], start)


def _added(log: Log, dice: Random) -> Log:
    at = dice.randint(0, len(log))
    return _rechained([*log[:at], AuditRow(0, "", _entry(999, dice)), *log[at:]], at)


def _exchanged(log: Log, dice: Random) -> Log:
    one, another = sorted(dice.sample(range(len(log)), 2))
    swapped = list(log)
    swapped[one] = log[another]._replace(seq=log[one].seq)
    swapped[another] = log[one]._replace(seq=log[another].seq)
    return swapped


def _hash(log: Log, dice: Random) -> Log:
    at = dice.randrange(len(log))
    return [*log[:at], log[at]._replace(hash=f"{dice.getrandbits(256):064x}"), *log[at + 1 :]]


EDITS: Mapping[str, Callable[[Log, Random], Log]] = {
    "a field": _field,
    "a field and its hash": _field_and_hash,
    "a field and all hashes after it": _field_and_all_after,
    "rows taken out": _taken_out,
    "rows taken out, the rest chained anew": _taken_out_and_all_after,
    "a row added, the rest chained anew": _added,
    "two rows exchanged": _exchanged,
    "a hash": _hash,
}


def _instead(log: Log) -> Rewrite:
    return lambda _: log


def _noted(whole: Log) -> Rewrite:
    """Leaves the log as it is."""

    def note(log: Log) -> Log:
        whole[:] = log
        return log

    return note


async def _breaks(container: Container) -> bool:
    return any([finding.code == "I9" async for finding in container.verify()()])


async def _found(folder: Path, count: int, dice: Random) -> tuple[Counter[str], list[str]]:
    settings = settings_for(folder)
    tried: Counter[str] = Counter()
    missed: list[str] = []
    async with opened(settings) as container:
        await asyncio.to_thread(container.upgrade_schema)
        for number in range(ROWS):
            await container.audit().append(_entry(number, dice))
        await container.audit().flush()
        database, whole = folder / "clinic-media.db", list[AuditRow]()
        await tamper_with_sqlite(database, CLINIC, _noted(whole))
        if await _breaks(container):
            missed.append("a whole log is found broken")
        for number in range(count):
            kind = dice.choice(list(EDITS))
            tried[kind] += 1
            await tamper_with_sqlite(database, CLINIC, _instead(EDITS[kind](whole, dice)))
            if not await _breaks(container):
                missed.append(f"edit {number} of seed: {kind}")
            progress(number + 1, count, every=100)
    return tried, missed


def measure(count: int = 1000, seed: int = 1) -> Figure:
    with tempfile.TemporaryDirectory(prefix="clinic-media-edits-") as folder, over_every_clinic():
        tried, missed = asyncio.run(_found(Path(folder), count, Random(seed)))
    return Figure(
        {"edits": count, "found": f"{(count - len(missed)) / count:.1%}", **dict(sorted(tried.items()))}, missed
    )


if __name__ == "__main__":
    sys.exit(command(measure))
