"""DentalPin's documents: every row a file with what people say about it, or a reason why it cannot come."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from adapters.legacy.dentalpin.fields import (
    Lost,
    archived_at_of,
    captured_at_of,
    check_name,
    document_type_of,
    filename_of,
    id_of,
    mime_of,
    tags_of,
    title_of,
)
from adapters.legacy.dentalpin.links import Linking, oldest_first
from adapters.legacy.dentalpin.owners import Person
from adapters.legacy.dentalpin.storage import Storage
from adapters.legacy.dentalpin.words import classified, described
from adapters.legacy.identifiers import ident
from adapters.legacy.position import tells_position
from adapters.legacy.tables import Tables, moment, number, text
from application.ports.legacy import Anomaly, LegacyFile, LegacyUser, Row
from application.ports.system import Clock
from domain import wording
from domain.ids import ClinicId, UserId
from domain.media import MediaKind, Taxonomy

_UNDATED = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Filing:
    tables: Tables
    people: Mapping[str, Person]
    users: Mapping[str, LegacyUser]
    storage: Storage
    linking: Linking
    taxonomy: Taxonomy
    clock: Clock
    anomalies: list[Anomaly]
    _used: dict[str, list[Mapping[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    _paths: dict[str, str] = field(default_factory=dict)

    def files(self) -> Iterator[tuple[ClinicId, LegacyFile]]:
        for row in oldest_first(self.tables, "treatment_media"):
            self._used[ident(row.get("document_id"))].append(row)
        rows = {ident(row.get("id")): row for row in oldest_first(self.tables, "documents")}
        for id, row in rows.items():
            where, name = Row("documents", id), filename_of(row)
            note = partial(self._note, where, name)
            person = self._person(row, note)
            path = self._path(row, person, note)
            if person is None or path is None:
                continue
            file = self._file(where, row, person, path, note)
            yield person.clinic, self.linking.linked(id, file)
        self.linking.dangling(frozenset(rows))

    def _person(self, row: Mapping[str, Any], note: Lost) -> Person | None:
        id, clinic = ident(row.get("patient_id")), ident(row.get("clinic_id"))
        person, rest = self.people.get(id), self.linking.lost_with(ident(row.get("id")))
        if person is None:
            note("broken_chain", f"its patient {id} is gone{rest}", lost=True)
        elif clinic and clinic != person.clinic:
            note("broken_chain", f"it is of clinic {clinic}, its patient {id} of {person.clinic}{rest}", lost=True)
        else:
            return person
        return None

    def _path(self, row: Mapping[str, Any], person: Person | None, note: Lost) -> str | None:
        stored = text(row.get("storage_path"))
        path = self.storage.placed(stored, ident(row.get("clinic_id")) or (person.clinic if person else ""))
        if path is None and person is not None:
            rest = self.linking.lost_with(ident(row.get("id")))
            if "://" in stored:
                note("remote", f"kept elsewhere, not here: {stored}{rest}", lost=True)
            else:
                note("missing_on_disk", f"there is no such file in the storage folder: {stored}{rest}", lost=True)
        return path

    def _file(self, where: Row, row: Mapping[str, Any], person: Person, path: str, note: Lost) -> LegacyFile:
        at = moment(row.get("created_at")) or _UNDATED
        changed = moment(row.get("updated_at")) or at
        uploader = ident(row.get("uploaded_by")) or "unknown"
        if uploader not in self.users:
            note("dangling_user", f"the user {uploader} who uploaded it is gone; the id is kept")
        if first := self._paths.get(path):
            note("shared_file", f"the row {first} names the same file; both get it")
        self._paths.setdefault(path, where.id)
        check_name(row, path, note)
        mime = mime_of(row, path)
        media = classified(row, self._used[where.id], mime, self.taxonomy, note)
        found = self.storage.folder.file(path)
        if found is not None and media.kind in (MediaKind.PHOTO, MediaKind.XRAY) and tells_position(found):
            note("exif_gps", "the file says where it was taken; only the original keeps that")
        return LegacyFile(
            rows=(where,),
            id=id_of(where, note),
            patient=person.patient.id,
            path=path,
            filename=filename_of(row),
            declared=text(row.get("mime_type")).strip(),
            size=number(row.get("file_size")),
            title=title_of(row, note),
            description=self._description(where, row, note),
            document_type=document_type_of(row, note),
            media=media,
            tags=tags_of(row, note),
            captured_at=captured_at_of(row, self.clock(), note),
            uploaded_by=UserId(uploader),
            uploader_name=self.users[uploader].name if uploader in self.users else "",
            created_at=at,
            updated_at=changed,
            archived_at=archived_at_of(row, changed, note),
            trashed_at=(moment(row["deleted_at"]) or changed) if row.get("deleted_at") else None,
        )

    def _description(self, where: Row, row: Mapping[str, Any], note: Lost) -> str | None:
        said = described(row, self._used[where.id], note)
        if said is not None and len(said) > wording.MAX_DESCRIPTION:
            reason = f"of its description's {len(said)} characters the first {wording.MAX_DESCRIPTION} come"
            note("description_cut", reason, lost=True)
        return said

    def _note(self, where: Row, name: str, code: str, reason: str, *, lost: bool = False) -> None:
        self.anomalies.append(Anomaly(code, where, name, reason, lost))
