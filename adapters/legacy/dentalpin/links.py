"""Which document is on which record: the tables that every version keeps it in, as one list."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

from adapters.legacy.dentalpin.owners import Owners
from adapters.legacy.identifiers import ident, is_host_id
from adapters.legacy.tables import Tables, moment, number, text
from application.ports.legacy import Anomaly, LegacyFile, LegacyLink, Row
from domain.attachments import MAX_ORDER, OwnerRef
from domain.ids import OwnerId
from domain.notes import CLINICAL_NOTE

LINK_TABLES = ("media_attachments", "clinical_note_attachments", "treatment_media")
_EARLIEST = datetime(1, 1, 1, tzinfo=UTC)


class Said(NamedTuple):
    """A link as a row says it, its owner's type in the source's words."""

    row: Row
    document: str
    kind: str
    owner: str
    order: int
    at: datetime | None


def oldest_first(tables: Tables, table: str) -> list[Mapping[str, Any]]:
    rows = tables.get(table, ())
    return sorted(rows, key=lambda row: (moment(row.get("created_at")) or _EARLIEST, ident(row.get("id"))))


def _said(tables: Tables) -> Iterator[Said]:
    for row in oldest_first(tables, "media_attachments"):
        yield _link("media_attachments", row, text(row.get("owner_type")), row.get("owner_id"))
    noted = oldest_first(tables, "clinical_note_attachments")
    for row in noted:
        yield _link("clinical_note_attachments", row, text(row.get("owner_type")), row.get("owner_id"))
    for row in noted:
        if row.get("note_id") is not None:
            yield _link("clinical_note_attachments.note_id", row, CLINICAL_NOTE, row["note_id"])
    for row in oldest_first(tables, "treatment_media"):
        yield _link("treatment_media", row, "plan_item", row.get("planned_treatment_item_id"))


def _link(table: str, row: Mapping[str, Any], kind: str, owner: Any) -> Said:
    order = min(max(number(row.get("display_order")) or 0, 0), MAX_ORDER)
    document, id = ident(row.get("document_id")), ident(row.get("id"))
    where = Row(table, id or f"{document}/{kind}/{ident(owner)}")
    return Said(where, document, kind, ident(owner), order, moment(row.get("created_at")))


@dataclass(slots=True)
class Linking:
    tables: Tables
    owners: Owners
    anomalies: list[Anomaly]
    named_notes: set[str] = field(default_factory=set)
    """Notes that a link names."""
    _of: dict[str, list[Said]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for said in _said(self.tables):
            self._of[said.document].append(said)
            if said.kind == CLINICAL_NOTE:
                self.named_notes.add(said.owner)

    def lost_with(self, document: str) -> str:
        """What goes with a document that cannot come, for its reason."""
        links = [f"{said.kind}/{said.owner}" for said in self._of[document]]
        return f"; with it go its links to {', '.join(links)}" if links else ""

    def dangling(self, documents: frozenset[str]) -> None:
        """Note the links of documents that are gone."""
        for document, links in self._of.items():
            for said in links if document not in documents else ():
                self._note(said, "dangling_link", "", f"its document {document} is gone", lost=True)

    def linked(self, document: str, file: LegacyFile) -> LegacyFile:
        found: dict[OwnerRef, LegacyLink] = {}
        for said in self._of[document]:
            ref = self._ref(said, file)
            if ref is None:
                continue
            if (first := found.get(ref)) is not None:
                found[ref] = first._replace(rows=tuple(dict.fromkeys((*first.rows, said.row))))
                reason = f"document {document} is on {ref} already, in place {first.display_order}; comes once"
                self._note(said, "duplicate_link", file.filename, reason)
            elif self._may_come(said, ref, file):
                found[ref] = LegacyLink((said.row,), ref, said.order, None, said.at)
        return replace(file, links=tuple(found.values()))

    def _ref(self, said: Said, file: LegacyFile) -> OwnerRef | None:
        kind = self.owners.type_of(said.kind)
        if kind is None:
            reason = f"{said.kind!r} is no type of record here; the settings can add it (owner_types)"
            self._note(said, "unknown_owner_type", file.filename, reason, lost=True)
            return None
        if not is_host_id(said.owner):
            self._note(said, "dangling_owner", file.filename, f"names no {said.kind}", lost=True)
            return None
        return OwnerRef(kind, OwnerId(said.owner))

    def _may_come(self, said: Said, ref: OwnerRef, file: LegacyFile) -> bool:
        owner = self.owners.find(ref.type, ref.id)
        if owner is not None and owner.patient and owner.patient != file.patient:
            reason = f"document {said.document} is of patient {file.patient}, {ref} of patient {owner.patient}"
            self._note(said, "cross_patient_link", file.filename, reason, lost=True)
            return False
        if owner is None or not owner.patient:
            what = "is gone" if owner is None else "is of no patient"
            self._note(said, "dangling_owner", file.filename, f"{ref} {what}; the link is kept, out of sight")
        elif owner.is_deleted:
            word = "note" if ref.type == CLINICAL_NOTE else ref.type
            reason = f"{ref} was deleted there and does not come; the link is kept, out of sight"
            self._note(said, f"link_to_deleted_{word}", file.filename, reason)
        return True

    def _note(self, said: Said, code: str, name: str, reason: str, *, lost: bool = False) -> None:
        self.anomalies.append(Anomaly(code, said.row, name, reason, lost))
