"""Documents as clients see them."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause, bindparam, select

from adapters.sql.conditions import among, contains, pattern, tagged
from adapters.sql.connections import Database
from adapters.sql.document_rows import VIEWED, document_view
from adapters.sql.listing import List, Listing
from adapters.sql.tables import documents, in_gallery, is_active, pairing_members
from adapters.sql.values import instant_text, json_text
from application.ports.paging import Page, PageRequest, Position
from application.ports.views import DocumentCriteria, DocumentView, DocumentViews, PhotoCriteria
from domain.access import Principal
from domain.errors import NotFound
from domain.ids import DocumentId, PatientId

_partner = documents.alias("partner")

VIEW_COLUMNS: Sequence[ColumnElement[Any]] = (
    *(documents.c[name] for name in VIEWED),
    _partner.c.id.label("partner_id"),
    pairing_members.c.role,
)

VIEW_SOURCE: FromClause = documents.outerjoin(
    pairing_members, pairing_members.c.document_id == documents.c.id
).outerjoin(_partner, (_partner.c.id == pairing_members.c.partner_id) & _partner.c.trashed_at.is_(None))

_ONE = (
    select(*VIEW_COLUMNS)
    .select_from(VIEW_SOURCE)
    .where(documents.c.id == bindparam("id"))
    .where(documents.c.clinic_id == bindparam("clinic"), documents.c.trashed_at.is_(None))
)
_MANY = (
    select(*VIEW_COLUMNS)
    .select_from(VIEW_SOURCE)
    .where(among(documents.c.id, "ids"))
    .where(documents.c.clinic_id == bindparam("clinic"), documents.c.trashed_at.is_(None))
)
_OF_PATIENT = (documents.c.clinic_id == bindparam("clinic"), documents.c.patient_id == bindparam("patient"))
_OPTIONAL = {
    "kinds": among(documents.c.media_kind, "kinds"),
    "kind": documents.c.media_kind == bindparam("kind"),
    "document_type": documents.c.document_type == bindparam("document_type"),
    "category": documents.c.media_category == bindparam("category"),
    "subtype": documents.c.media_subtype == bindparam("subtype"),
    "captured_from": documents.c.shown_at >= bindparam("captured_from"),
    "captured_to": documents.c.shown_at <= bindparam("captured_to"),
    "tags": tagged(documents.c.tags, "tags"),
    "text": contains(documents.c.search_text, "text"),
}


class SqlDocumentViews(DocumentViews):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, actor: Principal, id: DocumentId) -> DocumentView:
        rows = await self._database.fetch(_ONE, {"id": id, "clinic": actor.clinic_id})
        if rows and actor.sees(rows[0][2]):
            return document_view(rows[0])
        raise NotFound("There is no such document here")

    async def many(self, actor: Principal, ids: Sequence[DocumentId]) -> list[DocumentView]:
        rows = await self._database.fetch(_MANY, {"ids": list(ids), "clinic": actor.clinic_id})
        found = {view.id: view for view in map(document_view, rows) if actor.sees(view.patient_id)}
        return [found[id] for id in ids if id in found]

    async def photos(
        self, actor: Principal, patient: PatientId, criteria: PhotoCriteria, request: PageRequest
    ) -> Page[DocumentView]:
        if not actor.sees(patient):
            return Page(items=[], total=0)
        asked = _asked(criteria)
        paired = asked.pop("paired", None)
        values = {"clinic": actor.clinic_id, "patient": patient, **asked}
        gallery = _gallery(frozenset(asked), paired)
        return await gallery.page(self._database.fetch, values, request, document_view, _shown)

    async def documents(
        self, actor: Principal, patient: PatientId, criteria: DocumentCriteria, request: PageRequest
    ) -> Page[DocumentView]:
        if not actor.sees(patient):
            return Page(items=[], total=0)
        asked = _asked(criteria)
        values = {"clinic": actor.clinic_id, "patient": patient, **asked}
        uploads = _uploads(frozenset(asked))
        return await uploads.page(self._database.fetch, values, request, document_view, _uploaded)


def _asked(criteria: NamedTuple) -> dict[str, Any]:
    """What the criteria ask for, ready to be bound."""
    asked = {name: value for name, value in criteria._asdict().items() if value not in (None, (), "")}
    if "kinds" in asked:
        asked["kinds"] = list(asked["kinds"])
    if "tags" in asked:
        asked["tags"] = json_text(asked["tags"])
    if "text" in asked:
        asked["text"] = pattern(asked["text"])
    return asked


@lru_cache(maxsize=2048)
def _gallery(asked: frozenset[str], paired: bool | None) -> List:
    where = [*_OF_PATIENT, in_gallery(), *(_OPTIONAL[name] for name in sorted(asked))]
    if paired is not None:
        where.append(_partner.c.id.is_not(None) if paired else _partner.c.id.is_(None))
    return List(
        Listing(
            columns=VIEW_COLUMNS,
            source=VIEW_SOURCE,
            where=where,
            keys=(documents.c.shown_at, documents.c.id),
            counted=documents if paired is None else None,
        )
    )


@lru_cache(maxsize=64)
def _uploads(asked: frozenset[str]) -> List:
    return List(
        Listing(
            columns=VIEW_COLUMNS,
            source=VIEW_SOURCE,
            where=[*_OF_PATIENT, is_active(), *(_OPTIONAL[name] for name in sorted(asked))],
            keys=(documents.c.created_at, documents.c.id),
            counted=documents,
        )
    )


def _shown(view: DocumentView) -> Position:
    return instant_text(view.captured_at or view.created_at), view.id


def _uploaded(view: DocumentView) -> Position:
    return instant_text(view.created_at), view.id
