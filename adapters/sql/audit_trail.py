"""The audit log of each clinic: reads and refusals are written behind, in batches; lists and checks of it."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select

from adapters.sql import rows
from adapters.sql.chaining import chain, stored_head
from adapters.sql.conditions import among, seen
from adapters.sql.connections import Database
from adapters.sql.listing import List, Listing
from adapters.sql.logs import audit, audit_heads
from application.audit_chain import broken
from application.ports.audit_trail import AuditCriteria, AuditEntry, AuditRow, AuditTrail
from application.ports.paging import Page, PageRequest, Position
from application.reach import over_every_clinic
from domain.access import Principal
from domain.errors import DomainError, Unavailable
from domain.ids import ClinicId

_IN_CLINIC = audit.c.clinic_id == bindparam("clinic")
_OPTIONAL: dict[str, ColumnElement[bool]] = {
    "document_id": audit.c.document_id == bindparam("document_id"),
    "patient_id": audit.c.patient_id == bindparam("patient_id"),
    "user_id": audit.c.user_id == bindparam("user_id"),
    "action": audit.c.action == bindparam("action"),
    "since": audit.c.at >= bindparam("since"),
    "until": audit.c.at <= bindparam("until"),
    "visible": among(audit.c.patient_id, "visible"),
}
_CHECKED = (
    select(*audit.c)
    .where(_IN_CLINIC, audit.c.seq > bindparam("after"), audit.c.seq <= bindparam("last"))
    .order_by(audit.c.seq)
    .limit(bindparam("limit"))
)
_CHECKED_AT_A_TIME = 1_000
_READ_AT_A_TIME = 500
_BEYOND = (
    select(audit.c.seq)
    .where(
        _IN_CLINIC,
        audit.c.seq
        > func.coalesce(
            select(audit_heads.c.seq).where(audit_heads.c.clinic_id == bindparam("clinic")).scalar_subquery(), 0
        ),
    )
    .order_by(audit.c.seq)
)
_SECONDS_BEFORE_ANOTHER_TRY = 1.0


@lru_cache(maxsize=256)
def _entries(asked: frozenset[str]) -> List:
    where = _asked_for(asked)
    total = select(audit_heads.c.seq).where(audit_heads.c.clinic_id == bindparam("clinic")) if not asked else None
    columns = tuple(audit.c)
    return List(Listing(columns=columns, source=audit, where=where, keys=[audit.c.seq], known_total=total))


@lru_cache(maxsize=256)
def _before(asked: frozenset[str]) -> Select[Any]:
    """A batch of entries older than the number bound to `before`; not counted, for that looks at all of them."""
    older = select(*audit.c).where(*_asked_for(asked), audit.c.seq < bindparam("before", type_=audit.c.seq.type))
    return older.order_by(audit.c.seq.desc()).limit(_READ_AT_A_TIME)


def _asked_for(asked: frozenset[str]) -> list[ColumnElement[bool]]:
    return [_IN_CLINIC, *(_OPTIONAL[name] for name in sorted(asked))]


def _values(actor: Principal, criteria: AuditCriteria) -> dict[str, Any]:
    """What is asked for, ready to be bound."""
    return {name: value for name, value in criteria._asdict().items() if value is not None} | dict(seen(actor))


class SqlAuditTrail(AuditTrail):
    """What waits is written after `delay` seconds, or as soon as there are `batch` entries.

    At most `capacity` entries wait; whoever adds one more waits until there is room, and then may get `Unavailable`.
    """

    def __init__(self, database: Database, *, delay: float = 0.25, batch: int = 200, capacity: int = 10_000) -> None:
        self._database = database
        self._delay = delay
        self._batch = batch
        self._capacity = capacity
        self._waiting: deque[AuditEntry] = deque()
        self._added = 0
        self._written = 0
        self._timer: asyncio.TimerHandle | None = None
        self._writer: asyncio.Task[DomainError | None] | None = None

    async def append(self, entry: AuditEntry, *, wait: bool = False) -> None:
        self._waiting.append(_storable(entry))
        self._added += 1
        if wait or len(self._waiting) > self._capacity:
            await self.flush()
        elif len(self._waiting) >= self._batch:
            self._write()
        else:
            self._write_later(self._delay)

    async def flush(self) -> None:
        """Raises `Unavailable`; what could not be written goes on waiting, and is tried again."""
        added = self._added
        while self._written < added:
            fault = await asyncio.shield(self._write())
            if fault is not None:
                raise Unavailable("The audit log could not be written; try again") from fault

    async def page(self, actor: Principal, criteria: AuditCriteria, request: PageRequest) -> Page[AuditRow]:
        asked = _values(actor, criteria)
        values = {"clinic": actor.clinic_id, **asked}
        # Narrowed down by nothing but a date, it looks through the clinic's whole log.
        fetch = self._database.fetch_aside if asked else self._database.fetch
        return await _entries(frozenset(asked)).page(fetch, values, request, rows.audit_row, _position)

    async def entries(self, actor: Principal, criteria: AuditCriteria) -> AsyncIterator[AuditRow]:
        asked = _values(actor, criteria)
        before = (await stored_head(self._database, actor.clinic_id)).seq + 1
        while True:
            values = {"clinic": actor.clinic_id, "before": before, **asked}
            fetched = await self._database.fetch_aside(_before(frozenset(asked)), values)
            for row in fetched:
                yield rows.audit_row(row)
            if len(fetched) < _READ_AT_A_TIME:
                return
            before = fetched[-1][1]

    async def broken_links(self, clinic: ClinicId) -> list[int]:
        head = await stored_head(self._database, clinic)
        loop = asyncio.get_running_loop()

        def stored() -> Iterator[AuditRow]:
            after = 0
            while True:
                asked = {"clinic": clinic, "after": after, "last": head.seq, "limit": _CHECKED_AT_A_TIME}
                fetched = asyncio.run_coroutine_threadsafe(self._database.fetch(_CHECKED, asked), loop).result()
                yield from map(rows.audit_row, fetched)
                if len(fetched) < _CHECKED_AT_A_TIME:
                    return
                after = fetched[-1][1]

        # Hashing a long log takes seconds, so it is done in a thread, which asks the loop for one batch after another.
        found = await asyncio.to_thread(lambda: list(broken(stored(), *head)))
        beyond = await self._database.fetch(_BEYOND, {"clinic": clinic})
        return [*found, *(seq for (seq,) in beyond)]

    def _write_later(self, seconds: float) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(seconds, self._write)

    def _write(self) -> asyncio.Task[DomainError | None]:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._writer is None or self._writer.done():
            self._writer = asyncio.get_running_loop().create_task(self._write_waiting())
        return self._writer

    async def _write_waiting(self) -> DomainError | None:
        while self._waiting:
            entries = list(islice(self._waiting, self._batch))
            try:
                with over_every_clinic():  # what waits is of whoever was here
                    async with self._database.transaction() as transaction:
                        heads = await chain(transaction, self._database.heads, entries)
                        await transaction.commit()
            except DomainError as error:
                self._write_later(_SECONDS_BEFORE_ANOTHER_TRY)
                return error
            self._database.heads |= heads
            for _ in entries:
                self._waiting.popleft()
            self._written += len(entries)
        return None


def _storable(entry: AuditEntry) -> AuditEntry:
    """Of a refusal an entry holds what the request said, which may be no text that a database takes."""
    said = "".join(filter(None, entry[2:]))
    if said.isascii() and "\0" not in said:
        return entry
    texts: dict[str, Any] = {name: _text(value) for name, value in entry._asdict().items() if isinstance(value, str)}
    return entry._replace(**texts)


def _text(value: str) -> str:
    return value.encode(errors="replace").decode().replace("\0", "?")


def _position(row: AuditRow) -> Position:
    return (row.seq,)
