"""Every clinic's records, for looking after the installation."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select, tuple_, union, update

from adapters.sql.conditions import among
from adapters.sql.connections import Database
from adapters.sql.document_rows import document_view
from adapters.sql.document_views import VIEW_COLUMNS, VIEW_SOURCE
from adapters.sql.logs import audit, tombstones
from adapters.sql.tables import attachments, documents, is_derived, is_pending, is_scan_due, owners, pairing_members
from application.ports.system import Clock
from application.ports.upkeep import Contradiction, Purge, Upkeep
from application.ports.views import DocumentView
from domain.ids import ClinicId, DocumentId

_BATCH = 500

_VIEWS = select(*VIEW_COLUMNS).select_from(VIEW_SOURCE)
_PREFIXES = select(documents.c.id, documents.c.prefix).where(among(documents.c.id, "ids"))
_PENDING = _VIEWS.where(is_pending()).order_by(documents.c.created_at).limit(bindparam("limit"))
_OUTDATED = (
    _VIEWS.where(is_derived(), documents.c.recipe < bindparam("recipe"))
    .order_by(documents.c.recipe, documents.c.created_at)
    .limit(bindparam("limit"))
)
_SCANS_DUE = _VIEWS.where(is_scan_due()).order_by(documents.c.created_at, documents.c.id).limit(bindparam("limit"))
_ALL = _VIEWS.where(documents.c.id > bindparam("after")).order_by(documents.c.id).limit(_BATCH)
_TRASHED = (
    _VIEWS.where(documents.c.trashed_at < bindparam("before"))
    .where(tuple_(documents.c.trashed_at, documents.c.id) > tuple_(bindparam("at"), bindparam("after")))
    .order_by(documents.c.trashed_at, documents.c.id)
    .limit(_BATCH)
)
_UNFINISHED = (
    select(tombstones.c.document_id, tombstones.c.prefix)
    .where(tombstones.c.emptied_at.is_(None))
    .order_by(tombstones.c.purged_at)
    .limit(bindparam("limit"))
)
_FINISHED = update(tombstones).where(tombstones.c.document_id == bindparam("id")).values(emptied_at=bindparam("at"))
_CLINICS = union(select(documents.c.clinic_id), select(audit.c.clinic_id)).order_by("clinic_id")

_FIRST = "00000000-0000-0000-0000-000000000000"
_EARLIEST = datetime.fromisoformat("1970-01-01T00:00:00Z")

_member = pairing_members
_HALF_PAIRS = select(_member.c.pairing_id).group_by(_member.c.pairing_id).having(func.count() != 2)
_PAIRS_ASTRAY = (
    select(_member.c.pairing_id)
    .join(documents, documents.c.id == _member.c.document_id)
    .where(or_(documents.c.clinic_id != _member.c.clinic_id, documents.c.patient_id != _member.c.patient_id))
    .distinct()
)
_LINKS_ASTRAY = (
    select(attachments.c.id)
    .outerjoin(documents, documents.c.id == attachments.c.document_id)
    .where(
        or_(
            documents.c.id.is_(None),
            documents.c.clinic_id != attachments.c.clinic_id,
            documents.c.patient_id != attachments.c.patient_id,
        )
    )
)
_RECORDS_ASTRAY = (
    select(attachments.c.id)
    .join(
        owners,
        (owners.c.clinic_id == attachments.c.clinic_id)
        & (owners.c.owner_type == attachments.c.owner_type)
        & (owners.c.owner_id == attachments.c.owner_id),
    )
    .where(owners.c.patient_id != attachments.c.patient_id)
)
_CONTRADICTIONS = (
    ("I5", _HALF_PAIRS, "the pairing has other than two members"),
    ("I5", _PAIRS_ASTRAY, "the pairing joins two patients"),
    ("I6", _LINKS_ASTRAY, "the attachment is not of its document's patient"),
    ("I6", _RECORDS_ASTRAY, "the attachment is on a record of another patient"),
)


class SqlUpkeep(Upkeep):
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def prefixes(self, ids: Sequence[DocumentId]) -> Mapping[DocumentId, str]:
        found = await self._database.fetch(_PREFIXES, {"ids": list(ids)})
        return {DocumentId(row[0]): row[1] for row in found}

    async def underived(self, recipe: int, limit: int) -> Sequence[DocumentView]:
        rows = [*await self._database.fetch_aside(_PENDING, {"limit": limit})]
        if len(rows) < limit:
            rows += await self._database.fetch_aside(_OUTDATED, {"recipe": recipe, "limit": limit - len(rows)})
        return [document_view(row) for row in rows]

    async def scans_due(self, limit: int) -> Sequence[DocumentView]:
        return await self._views(_SCANS_DUE, {"limit": limit})

    async def documents(self) -> AsyncIterator[DocumentView]:
        after = _FIRST
        while views := await self._views(_ALL, {"after": after}):
            for view in views:
                yield view
            after = views[-1].id

    async def trashed(self, before: datetime) -> AsyncIterator[DocumentView]:
        at, after = _EARLIEST, _FIRST
        while views := await self._views(_TRASHED, {"before": before, "at": at, "after": after}):
            if views[-1].id == after:
                return  # a time that something else has written in another spelling comes after itself
            for view in views:
                yield view
            at, after = views[-1].trashed_at or before, views[-1].id

    async def unfinished_purges(self, limit: int) -> Sequence[Purge]:
        return [Purge(*row) for row in await self._database.fetch(_UNFINISHED, {"limit": limit})]

    async def finish_purge(self, id: DocumentId) -> None:
        async with self._database.transaction() as transaction:
            await transaction.execute(_FINISHED, {"id": id, "at": self._clock()})
            await transaction.commit()

    async def clinics(self) -> Sequence[ClinicId]:
        return [ClinicId(row[0]) for row in await self._database.fetch_aside(_CLINICS, {})]

    async def contradictions(self) -> AsyncIterator[Contradiction]:
        for code, statement, problem in _CONTRADICTIONS:
            for (id,) in await self._database.fetch_aside(statement, {}):
                yield Contradiction(code, str(id), problem)

    async def _views(self, statement: Select[Any], values: dict[str, Any]) -> list[DocumentView]:
        return [document_view(row) for row in await self._database.fetch_aside(statement, values)]
