"""Documents as the records show them that they are on."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, literal, select

from adapters.sql.conditions import among, by_code_point, contains, pattern, seen
from adapters.sql.connections import Database
from adapters.sql.document_rows import document_view
from adapters.sql.document_views import VIEW_COLUMNS, VIEW_SOURCE
from adapters.sql.listing import List, Listing
from adapters.sql.prepared import Row
from adapters.sql.tables import attachments, documents, is_active
from adapters.sql.values import instant_text
from application.ports.files import FileCriteria, FileView, FileViews, Link
from application.ports.paging import Page, PageRequest, Position
from application.ports.views import DocumentView
from domain import wording
from domain.access import Principal
from domain.attachments import OwnerRef
from domain.directory import PATIENT
from domain.errors import NotFound
from domain.ids import DocumentId, PatientId

_link = attachments.c
_LINK = len(VIEW_COLUMNS)
_COLUMNS = (*VIEW_COLUMNS, _link.owner_type, _link.owner_id, _link.category)
_IN_CLINIC = documents.c.clinic_id == bindparam("clinic")
_NOT_TRASHED = documents.c.trashed_at.is_(None)
_VISIBLE = among(documents.c.patient_id, "visible")

# Of several records that a document is on, the one it was put on first. Each by itself, and only of rows that are
# shown: joined, PostgreSQL would rather read all links there are than look for those of a page.
_FIRST = tuple(
    select(column)
    .where(_link.clinic_id == documents.c.clinic_id, _link.document_id == documents.c.id)
    .order_by(_link.created_at, _link.id)
    .limit(1)
    .correlate(documents)
    .scalar_subquery()
    for column in (_link.owner_type, _link.owner_id, _link.category)
)
_ON_FIRST = (*VIEW_COLUMNS, *_FIRST)
_ON_OWNER = VIEW_SOURCE.join(
    attachments, and_(_link.document_id == documents.c.id, _link.clinic_id == documents.c.clinic_id)
)

_MANY = select(*_ON_FIRST).select_from(VIEW_SOURCE).where(among(documents.c.id, "ids"), _IN_CLINIC, _NOT_TRASHED)
_PATIENTS = (
    select(*VIEW_COLUMNS)
    .select_from(VIEW_SOURCE)
    .where(_IN_CLINIC, documents.c.patient_id == bindparam("patient"), _NOT_TRASHED)
    .order_by(documents.c.created_at, documents.c.id)
)
_LINKS = (
    select(_link.document_id, _link.owner_type, _link.owner_id, _link.category, _link.display_order, _link.patient_id)
    .join(documents, documents.c.id == _link.document_id)
    .where(among(_link.document_id, "ids"), _link.clinic_id == bindparam("clinic"), _NOT_TRASHED)
    .order_by(_link.document_id, _link.owner_type, _link.owner_id)
)
_ORDERS: Mapping[str, tuple[ColumnElement[Any], bool]] = {
    "newest": (documents.c.created_at, True),
    "oldest": (documents.c.created_at, False),
    "name": (documents.c.sort_name, False),
    "size": (documents.c.file_size, False),
    "type": (by_code_point(documents.c.mime_type), False),
    "category": (by_code_point(func.coalesce(_link.category, literal(""))), False),
}
_OPTIONAL: Mapping[str, ColumnElement[bool]] = {
    "category": _link.category == bindparam("category"),
    "types": among(documents.c.mime_type, "types"),
    "uploaded_from": documents.c.created_at >= bindparam("uploaded_from"),
    "uploaded_to": documents.c.created_at <= bindparam("uploaded_to"),
    "text": contains(documents.c.search_text, "text"),
    "visible": _VISIBLE,
}


class SqlFileViews(FileViews):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_owner(
        self, actor: Principal, owner: OwnerRef, criteria: FileCriteria, request: PageRequest
    ) -> Page[FileView]:
        asked = _asked(criteria) | dict(seen(actor))
        values = {"clinic": actor.clinic_id, "owner_type": owner.type, "owner_id": owner.id, **asked}
        listed = _of_owner(criteria.order, frozenset(asked))
        return await listed.page(self._database.fetch, values, request, _file, _POSITIONS[criteria.order])

    async def get(self, actor: Principal, id: DocumentId) -> FileView:
        for file in await self.many(actor, [id]):
            return file
        raise NotFound("There is no such file here")

    async def many(self, actor: Principal, ids: Sequence[DocumentId]) -> list[FileView]:
        rows = await self._database.fetch(_MANY, {"ids": list(ids), "clinic": actor.clinic_id})
        on_records = (_file(row) for row in rows if row[_LINK] is not None)
        found = {file.document.id: file for file in on_records if actor.sees(file.document.patient_id)}
        return [found[id] for id in ids if id in found]

    async def trash(self, actor: Principal, day: date | None, request: PageRequest) -> Page[FileView]:
        asked = _day(day) | dict(seen(actor))
        values = {"clinic": actor.clinic_id, **asked}
        return await _trash(frozenset(asked)).page(self._database.fetch, values, request, _file, _trashed_at)

    async def of_patient(self, actor: Principal, patient: PatientId) -> Sequence[DocumentView]:
        if not actor.sees(patient):
            return []
        rows = await self._database.fetch_aside(_PATIENTS, {"clinic": actor.clinic_id, "patient": patient})
        return [document_view(row) for row in rows]

    async def links(self, actor: Principal, ids: Sequence[DocumentId]) -> Sequence[Link]:
        rows = await self._database.fetch(_LINKS, {"ids": list(ids), "clinic": actor.clinic_id})
        return [Link(*row[:-1]) for row in rows if actor.sees(row[-1])]


def _asked(criteria: FileCriteria) -> dict[str, Any]:
    """What the criteria ask for but the order, ready to be bound."""
    asked = {name: value for name, value in criteria._asdict().items() if value not in (None, (), "")}
    del asked["order"]
    if "types" in asked:
        asked["types"] = list(asked["types"])
    if "text" in asked:
        asked["text"] = pattern(asked["text"])
    return asked


def _day(day: date | None) -> dict[str, datetime]:
    if day is None:
        return {}
    return {"begins": datetime.combine(day, time(), UTC), "ends": datetime.combine(day, time.max, UTC)}


@lru_cache(maxsize=len(_ORDERS) << len(_OPTIONAL))
def _of_owner(order: str, asked: frozenset[str]) -> List:
    key, newest_first = _ORDERS[order]
    where = (
        *(_IN_CLINIC, _link.owner_type == bindparam("owner_type"), _link.owner_id == bindparam("owner_id")),
        *(is_active(), *(_OPTIONAL[name] for name in sorted(asked))),
    )
    keys = (key, documents.c.id)
    return List(Listing(columns=_COLUMNS, source=_ON_OWNER, where=where, keys=keys, newest_first=newest_first))


@lru_cache(maxsize=4)
def _trash(asked: frozenset[str]) -> List:
    where = [_IN_CLINIC, documents.c.trashed_at.is_not(None)]
    if "visible" in asked:
        where.append(_VISIBLE)
    if "begins" in asked:
        where += [documents.c.trashed_at >= bindparam("begins"), documents.c.trashed_at <= bindparam("ends")]
    keys = (documents.c.trashed_at, documents.c.id)
    return List(Listing(columns=_ON_FIRST, source=VIEW_SOURCE, where=where, keys=keys, counted=documents))


def _file(row: Row) -> FileView:
    document, (owner_type, owner_id, category) = document_view(row), row[_LINK : _LINK + 3]
    if owner_type is None:
        return FileView(PATIENT, document.patient_id, None, document)
    return FileView(owner_type, owner_id, category, document)


def _trashed_at(file: FileView) -> Position:
    return instant_text(file.document.trashed_at or file.document.updated_at), file.document.id


_POSITIONS: Mapping[str, Callable[[FileView], Position]] = {
    "newest": lambda file: (instant_text(file.document.created_at), file.document.id),
    "oldest": lambda file: (instant_text(file.document.created_at), file.document.id),
    "name": lambda file: (wording.folded(file.document.original_filename), file.document.id),
    "size": lambda file: (file.document.file_size, file.document.id),
    "type": lambda file: (file.document.mime_type, file.document.id),
    "category": lambda file: (file.category or "", file.document.id),
}
