"""Attachments as clients see them, their documents with them."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, bindparam, func, select

from adapters.sql.conditions import among, seen
from adapters.sql.connections import Database
from adapters.sql.document_rows import document_view
from adapters.sql.document_views import VIEW_COLUMNS, VIEW_SOURCE
from adapters.sql.listing import List, Listing
from adapters.sql.prepared import Row
from adapters.sql.tables import attachments, documents, is_active
from adapters.sql.values import instant, instant_text
from application.ports.paging import Page, PageRequest, Position
from application.ports.views import AttachmentView, AttachmentViews
from domain.access import Principal
from domain.attachments import OwnerRef
from domain.errors import NotFound
from domain.ids import AttachmentId

# The document's view comes first, as `document_view` wants it.
_LINK = len(VIEW_COLUMNS)
_COLUMNS = (
    *VIEW_COLUMNS,
    *(attachments.c[name] for name in ("id", "owner_type", "owner_id", "display_order", "category", "created_at")),
)
_SOURCE = VIEW_SOURCE.join(attachments, attachments.c.document_id == documents.c.id)
_COUNTED = documents.join(attachments, attachments.c.document_id == documents.c.id)
_IN_CLINIC = attachments.c.clinic_id == bindparam("clinic")
_VISIBLE = among(attachments.c.patient_id, "visible")

_ONE = (
    select(*_COLUMNS)
    .select_from(_SOURCE)
    .where(attachments.c.id == bindparam("id"), _IN_CLINIC, documents.c.trashed_at.is_(None))
)
_OF_OWNER = (
    _IN_CLINIC,
    attachments.c.owner_type == bindparam("owner_type"),
    attachments.c.owner_id == bindparam("owner_id"),
    is_active(),
)
_KEYS = (attachments.c.display_order, attachments.c.created_at, attachments.c.id)
ATTACHED = (
    select(*_COLUMNS)
    .select_from(_SOURCE)
    .where(_IN_CLINIC, attachments.c.owner_type == bindparam("owner_type"))
    .where(among(attachments.c.owner_id, "owner_ids"), is_active())
    .order_by(*_KEYS)
)
"""Of several owners of one type, each one's in order."""

_COUNTS = (
    select(attachments.c.owner_id, func.count())
    .select_from(_COUNTED)
    .where(_IN_CLINIC, attachments.c.owner_type == bindparam("owner_type"))
    .where(among(attachments.c.owner_id, "owner_ids"), is_active())
    .group_by(attachments.c.owner_id)
)
_VISIBLE_COUNTS = _COUNTS.where(_VISIBLE)


def _of_owner(*more: ColumnElement[bool]) -> List:
    where = (*_OF_OWNER, *more)
    return List(
        Listing(columns=_COLUMNS, source=_SOURCE, where=where, keys=_KEYS, newest_first=False, counted=_COUNTED)
    )


_ALL, _ALL_VISIBLE = _of_owner(), _of_owner(_VISIBLE)


class SqlAttachmentViews(AttachmentViews):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, actor: Principal, id: AttachmentId) -> AttachmentView:
        for row in await self._database.fetch(_ONE, {"id": id, "clinic": actor.clinic_id}):
            view = attachment_view(row)
            if actor.sees(view.document.patient_id):
                return view
        raise NotFound("There is no such attachment here")

    async def of_owner(self, actor: Principal, owner: OwnerRef, request: PageRequest) -> Page[AttachmentView]:
        visible = seen(actor)
        values = {"clinic": actor.clinic_id, "owner_type": owner.type, "owner_id": owner.id, **visible}
        attached = _ALL_VISIBLE if visible else _ALL
        return await attached.page(self._database.fetch, values, request, attachment_view, _position)

    async def counts(self, actor: Principal, owner_type: str, owner_ids: Sequence[str]) -> Mapping[str, int]:
        visible = seen(actor)
        values = {"clinic": actor.clinic_id, "owner_type": owner_type, "owner_ids": list(owner_ids), **visible}
        rows = await self._database.fetch(_VISIBLE_COUNTS if visible else _COUNTS, values)
        return {row[0]: row[1] for row in rows}


def attachment_view(row: Row) -> AttachmentView:
    id, owner_type, owner_id, order, category, created = row[_LINK : _LINK + 6]
    return AttachmentView(id, owner_type, owner_id, order, category, instant(created), document_view(row))


def _position(view: AttachmentView) -> Position:
    return view.display_order, instant_text(view.created_at), view.id
