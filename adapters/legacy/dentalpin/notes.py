"""DentalPin's clinical notes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from adapters.legacy.dentalpin.links import oldest_first
from adapters.legacy.dentalpin.owners import Owners, Person
from adapters.legacy.identifiers import ident, is_host_id
from adapters.legacy.tables import moment, number, text
from application.ports.legacy import Anomaly, LegacyNote, LegacyUser, Row
from domain import notes
from domain.attachments import OwnerRef
from domain.errors import RuleViolated
from domain.ids import NoteId, OwnerId, UserId, is_our_id
from domain.notes import CLINICAL_NOTE, OWNER_OF, ClinicalNote, NoteType

TABLE = "clinical_notes"


@dataclass(slots=True)
class Notebook:
    owners: Owners
    people: Mapping[str, Person]
    users: Mapping[str, LegacyUser]
    anomalies: list[Anomaly]

    def notes(self, linked: set[str]) -> Iterator[tuple[Person, LegacyNote]]:
        """Those that were not deleted; of a deleted one that is in `linked`, its link tells."""
        for row in oldest_first(self.owners.tables, TABLE):
            where = Row(TABLE, ident(row.get("id")))
            if row.get("deleted_at"):
                if where.id not in linked:
                    self._note("deleted_note", where, "it was deleted there and does not come")
                continue
            person = self._person(where, row)
            note = self._written(where, row, person) if person else None
            if person is not None and note is not None:
                yield person, LegacyNote(where, note)

    def _person(self, where: Row, row: Mapping[str, Any]) -> Person | None:
        found = self.owners.find(CLINICAL_NOTE, where.id)
        person = self.people.get(found.patient) if found else None
        if person is None:
            gone = f"{text(row.get('owner_type'))}/{ident(row.get('owner_id'))}"
            self._note("dangling_note", where, f"it is on {gone}, which is gone or of no patient", lost=True)
        return person

    def _written(self, where: Row, row: Mapping[str, Any], person: Person) -> ClinicalNote | None:
        kind = self.owners.type_of(text(row.get("owner_type")))
        word, owner = text(row.get("note_type")).strip().lower(), ident(row.get("owner_id"))
        if kind is None or word not in set(NoteType) or not (is_our_id(where.id) and is_host_id(owner)):
            reason = f"a note of type {word!r} on {text(row.get('owner_type'))}/{owner} cannot be kept"
            self._note("odd_note", where, reason, lost=True)
            return None
        author, at = ident(row.get("author_id")) or "unknown", moment(row.get("created_at")) or _UNDATED
        note = ClinicalNote(
            id=NoteId(where.id),
            clinic_id=person.clinic,
            patient_id=person.patient.id,
            note_type=NoteType(word),
            owner=OwnerRef(kind, OwnerId(owner)),
            body="",
            tooth_number=self._tooth(where, row, NoteType(word)),
            author_id=UserId(author),
            author_name=self.users[author].name if author in self.users else "",
            created_at=at,
            updated_at=at,
        )
        if kind != OWNER_OF[note.note_type]:
            self._note("odd_note", where, f"a {word} note on a {kind}; kept as it is")
        return self._with_body(where, note, row)

    def _tooth(self, where: Row, row: Mapping[str, Any], kind: NoteType) -> int | None:
        tooth = number(row.get("tooth_number"))
        if tooth is None or (kind is NoteType.DIAGNOSIS and tooth in notes.TEETH):
            return tooth
        self._note("odd_note", where, f"its tooth number {tooth} is left out: no tooth of a {kind} note", lost=True)
        return None

    def _with_body(self, where: Row, note: ClinicalNote, row: Mapping[str, Any]) -> ClinicalNote | None:
        body = text(row.get("body"))
        if len(body) > notes.MAX_BODY:
            self._note("odd_note", where, f"of its {len(body)} characters the first {notes.MAX_BODY} come", lost=True)
        try:
            written, _ = notes.revise(note, body[: notes.MAX_BODY], moment(row.get("updated_at")) or note.created_at)
        except RuleViolated:
            self._note("odd_note", where, "it says nothing and does not come", lost=True)
            return None
        return replace(written, version=1)

    def _note(self, code: str, where: Row, reason: str, *, lost: bool = False) -> None:
        self.anomalies.append(Anomaly(code, where, "", reason, lost))


_UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
