"""What happened with a patient: one list made of four tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    bindparam,
    cast,
    func,
    literal,
    null,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.types import Text

from adapters.sql.conditions import by_code_point
from adapters.sql.connections import Database
from adapters.sql.listing import LIMIT, OFFSET, List, positioned
from adapters.sql.prepared import Row
from adapters.sql.tables import documents, is_active, is_before, notes, owners, pairing_members
from adapters.sql.types import INSTANT
from adapters.sql.values import instant, instant_text
from application.ports.paging import Page, PageRequest, Position
from application.ports.views import TimelineEntry, TimelineViews
from domain.access import Permission, Principal
from domain.ids import PatientId

_KEYS: Sequence[ColumnElement[Any]] = (
    bindparam("at", type_=INSTANT),
    *(bindparam(name, type_=Text()) for name in ("kind", "id", "owner_type")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """The entries of one kind. Its first columns are the keys of the whole list."""

    kind: str
    at: ColumnElement[Any]
    id: ColumnElement[Any]
    title: ColumnElement[Any]
    source: FromClause
    where: Sequence[ColumnElement[bool]]
    document: ColumnElement[Any] = null()
    other: ColumnElement[Any] = null()
    owner_type: ColumnElement[Any] = literal("")
    owner_id: ColumnElement[Any] = null()

    @property
    def keys(self) -> tuple[ColumnElement[Any], ...]:
        words = (literal(self.kind), cast(self.id, Text), self.owner_type)
        return self.at, *(by_code_point(word) for word in words)

    @property
    def total(self) -> ColumnElement[int]:
        return select(func.count()).select_from(self.source).where(*self.where).scalar_subquery()

    def newest(self, *, after: bool) -> Select[Any]:
        """As many as the page can take of this kind, so that the whole is sorted from no more than that."""
        rest = (cast(self.document, Text), cast(self.other, Text), self.owner_id, self.title)
        names = ("at", "kind", "id", "owner_type", "document_id", "other_id", "owner_id", "title")
        columns = (column.label(name) for column, name in zip((*self.keys, *rest), names, strict=True))
        rows = select(*columns).select_from(self.source).where(*self.where)
        if after:
            rows = rows.where(tuple_(*self.keys) < positioned(_KEYS))
        reach = LIMIT if after else LIMIT + OFFSET
        return select(rows.order_by(self.at.desc(), self.id.desc()).limit(reach).subquery())


def _of_patient(table: Any) -> tuple[ColumnElement[bool], ...]:
    return table.c.clinic_id == bindparam("clinic"), table.c.patient_id == bindparam("patient")


_first, _second = documents.alias("first"), documents.alias("second")
_member = pairing_members.c

_BRANCHES: Mapping[str, Branch] = {
    "upload": Branch(
        kind="upload",
        at=documents.c.created_at,
        id=documents.c.id,
        title=documents.c.title,
        source=documents,
        where=(*_of_patient(documents), is_active()),
        document=documents.c.id,
    ),
    "note": Branch(
        kind="note",
        at=notes.c.created_at,
        id=notes.c.id,
        title=notes.c.note_type,
        source=notes,
        where=_of_patient(notes),
        owner_type=notes.c.owner_type,
        owner_id=notes.c.owner_id,
    ),
    "pairing": Branch(
        kind="pairing",
        at=_member.created_at,
        id=_member.pairing_id,
        title=literal(""),
        source=pairing_members.join(_first, _first.c.id == _member.document_id).join(
            _second, _second.c.id == _member.partner_id
        ),
        where=(*_of_patient(pairing_members), is_before(), is_active(_first), is_active(_second)),
        document=_member.document_id,
        other=_member.partner_id,
    ),
    "visit": Branch(
        kind="visit",
        at=owners.c.shown_at,
        id=owners.c.owner_id,
        title=owners.c.title,
        source=owners,
        where=(*_of_patient(owners), owners.c.occurred_at.is_not(None)),
        owner_type=owners.c.owner_type,
        owner_id=owners.c.owner_id,
    ),
}


class _Timeline:
    """A listing (see `listing.Listing`) of several branches."""

    keys = _KEYS

    def __init__(self, branches: Sequence[Branch]) -> None:
        self._branches = branches
        total: ColumnElement[int] = literal(0)
        for branch in branches:
            total = total + branch.total
        self.total = select(total)

    def statement(self, *, after: bool) -> Select[Any]:
        entries = union_all(*(branch.newest(after=after) for branch in self._branches)).subquery()
        rows = select(*entries.c, self.total.scalar_subquery())
        order = [entries.c[name].desc() for name in ("at", "kind", "id", "owner_type")]
        return (rows if after else rows.offset(OFFSET)).order_by(*order).limit(LIMIT)


@lru_cache(maxsize=16)
def _timeline(kinds: tuple[str, ...]) -> List:
    return List(_Timeline([_BRANCHES[kind] for kind in kinds]))


class SqlTimelineViews(TimelineViews):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self, actor: Principal, patient: PatientId, kinds: Sequence[str], request: PageRequest
    ) -> Page[TimelineEntry]:
        shown = set(kinds) if actor.may(Permission.NOTES_READ, patient) else set(kinds) - {"note"}
        if not shown or not actor.sees(patient):
            return Page(items=[], total=0)
        values = {"clinic": actor.clinic_id, "patient": patient}
        return await _timeline(tuple(sorted(shown))).page(self._database.fetch, values, request, _entry, _position)


def _entry(row: Row) -> TimelineEntry:
    at, kind, id, owner_type, document, other, owner, title = row[:8]
    return TimelineEntry(kind, instant(at), id, title, document, other, owner_type or None, owner)


def _position(entry: TimelineEntry) -> Position:
    return instant_text(entry.at), entry.kind, entry.id, entry.owner_type or ""
