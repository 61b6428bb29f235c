"""Small DentalPin installations, made for a test: from before 0.2.0, and later."""

import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from domain.ids import DocumentId
from tests.made_files import exif, pdf, quadrants, saved

_BOTH = """
CREATE TABLE clinics (id TEXT PRIMARY KEY, name TEXT, timezone TEXT);
CREATE TABLE users (id TEXT PRIMARY KEY, email TEXT, password_hash TEXT, first_name TEXT, last_name TEXT);
CREATE TABLE clinic_memberships (id TEXT PRIMARY KEY, user_id TEXT, clinic_id TEXT, role TEXT);
CREATE TABLE patients (id TEXT PRIMARY KEY, clinic_id TEXT, first_name TEXT, last_name TEXT, date_of_birth TEXT,
    status TEXT);
CREATE TABLE treatment_plans (id TEXT PRIMARY KEY, clinic_id TEXT, patient_id TEXT, title TEXT, deleted_at TEXT);
CREATE TABLE planned_treatment_items (id TEXT PRIMARY KEY, clinic_id TEXT, treatment_plan_id TEXT);
CREATE TABLE clinical_notes (id TEXT PRIMARY KEY, clinic_id TEXT, owner_type TEXT, owner_id TEXT, body TEXT,
    author_id TEXT, deleted_at TEXT, created_at TEXT, updated_at TEXT, note_type TEXT, tooth_number INTEGER);
"""
_DOCUMENTS = """CREATE TABLE documents (id TEXT PRIMARY KEY, clinic_id TEXT, patient_id TEXT, document_type TEXT,
    title TEXT, description TEXT, original_filename TEXT, storage_path TEXT, mime_type TEXT, file_size INTEGER,
    uploaded_by TEXT, status TEXT, created_at TEXT, updated_at TEXT"""
_EARLY = (
    _BOTH
    + _DOCUMENTS
    + """);
CREATE TABLE clinical_note_attachments (id TEXT PRIMARY KEY, clinic_id TEXT, document_id TEXT, owner_type TEXT,
    owner_id TEXT, note_id TEXT, display_order INTEGER, created_at TEXT);
CREATE TABLE treatment_media (id TEXT PRIMARY KEY, clinic_id TEXT, planned_treatment_item_id TEXT, document_id TEXT,
    media_type TEXT, display_order INTEGER, notes TEXT, created_at TEXT);
"""
)
_LATER = (
    _BOTH
    + _DOCUMENTS
    + """, media_kind TEXT, media_category TEXT, media_subtype TEXT, captured_at TEXT, paired_document_id TEXT,
    tags TEXT);
CREATE TABLE media_attachments (id TEXT PRIMARY KEY, clinic_id TEXT, document_id TEXT, owner_type TEXT,
    owner_id TEXT, display_order INTEGER, created_at TEXT);
"""
)

AT = "2026-02-03 10:20:30+00"


def made_id(kind: int, number: int) -> str:
    return str(UUID(int=(kind << 96) | (0x4000 << 64) | (0x8000 << 48) | number))


def document_id(number: int) -> DocumentId:
    return DocumentId(made_id(0xD0C, number))


NORTH, SOUTH = made_id(0xC1, 1), made_id(0xC1, 2)
ADA, CIRO = made_id(0xE5, 1), made_id(0xE5, 2)
EVA, IAN, ZOE = made_id(0xBA, 1), made_id(0xBA, 2), made_id(0xBA, 3)
"""Eva and Ian are of the north, Zoe is of the south."""
PLAN, ITEM, NOTE = made_id(0x91, 1), made_id(0x92, 1), made_id(0x93, 1)
"""Of Eva."""


@cache
def picture(number: int) -> bytes:
    """A JPEG of its own for each number."""
    return saved(quadrants(40 + number, 30), "JPEG", exif=exif())


class DentalPinMade:
    def __init__(self, folder: Path, *, later: bool = False) -> None:
        self.later = later
        self.database, self.storage = folder / "dentalpin.db", folder / "storage"
        self.storage.mkdir(parents=True)
        self.run(*(_LATER if later else _EARLY).split(";"))
        self.put("clinics", NORTH, "North", "Europe/Madrid")
        self.put("clinics", SOUTH, "South", "UTC")
        self.put("users", ADA, "ada@example.org", "x", "Ada", "Admin")
        self.put("users", CIRO, "ciro@example.org", "x", "Ciro", "Dentist")
        self.put("clinic_memberships", made_id(1, 1), ADA, NORTH, "admin")
        self.put("clinic_memberships", made_id(1, 2), ADA, SOUTH, "admin")
        self.put("clinic_memberships", made_id(1, 3), CIRO, NORTH, "dentist")
        for patient, clinic, name in ((EVA, NORTH, "Eva"), (IAN, NORTH, "Ian"), (ZOE, SOUTH, "Zoe")):
            self.put("patients", patient, clinic, name, "Roy", "1980-02-03", "active")
        self.put("treatment_plans", PLAN, NORTH, EVA, "Implants", None)
        self.put("planned_treatment_items", ITEM, NORTH, PLAN)
        self.note(NOTE, "patient", EVA, "Said this")

    @property
    def url(self) -> str:
        return f"sqlite:///{self.database}"

    def run(self, *statements: str) -> None:
        with closing(sqlite3.connect(self.database)) as connection, connection:
            for statement in statements:
                connection.execute(statement)

    def put(self, table: str, *values: Any) -> None:
        with closing(sqlite3.connect(self.database)) as connection, connection:
            connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values)

    def set(self, number: int, **columns: Any) -> None:
        """Change a document's row."""
        with closing(sqlite3.connect(self.database)) as connection, connection:
            changes = ", ".join(f"{name} = ?" for name in columns)
            connection.execute(f"UPDATE documents SET {changes} WHERE id = ?", (*columns.values(), document_id(number)))

    def note(self, id: str, owner_type: str, owner: str, body: str, **said: Any) -> None:
        kind, deleted, tooth = said.get("kind", "diagnosis"), said.get("deleted"), said.get("tooth")
        self.put("clinical_notes", id, NORTH, owner_type, owner, body, ADA, deleted, AT, AT, kind, tooth)

    def document(self, number: int, patient: str = EVA, **columns: Any) -> str:
        """A photo with its file, and with what DentalPin makes of it; its id."""
        id, clinic = document_id(number), SOUTH if patient == ZOE else NORTH
        path, data = f"{clinic}/{patient}/2026-02/{made_id(0xF1, number)}.jpg", picture(number)
        for ending in ("", ".thumb.jpg", ".medium.jpg"):
            self.write(path + ending, data)
        row = [id, clinic, patient, "other", f"Title {number}", None, f"n{number}.jpg", path, "image/jpeg", len(data)]
        later = ["photo", None, None, None, None, "[]"] if self.later else []
        self.put("documents", *row, CIRO, "active", AT, AT, *later)
        if columns:
            self.set(number, **columns)
        return id

    def paper(self, number: int, patient: str = EVA, **columns: Any) -> str:
        data = pdf() + b"%% " + str(number).encode()
        path = f"{NORTH}/{patient}/2026-02/{made_id(0xF1, number)}.pdf"
        id = self.document(number, patient)
        self.write(path, data)
        plain = {"original_filename": f"n{number}.pdf", "mime_type": "application/pdf", "file_size": len(data)}
        if self.later:
            plain["media_kind"] = "document"
        self.set(number, **(plain | {"storage_path": path} | columns))
        return id

    def write(self, path: str, data: bytes) -> Path:
        file = self.storage / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        return file

    def attach(self, number: int, of: int, kind: str, owner: str, note: str | None = None, order: int = 0) -> str:
        """A document on a record, and before 0.2.0 on a note."""
        id = made_id(0xA7, number)
        noted = () if self.later else (note,)
        table = "media_attachments" if self.later else "clinical_note_attachments"
        self.put(table, id, NORTH, document_id(of), kind, owner, *noted, order, AT)
        return id

    def use(self, number: int, of: int, word: str, notes: str | None = None, item: str = ITEM) -> None:
        """A document used on a treatment, before 0.2.0."""
        at = f"2026-02-03 11:00:{number:02}+00"
        self.put("treatment_media", made_id(0xA8, number), NORTH, item, document_id(of), word, number, notes, at)

    def pair(self, one: int, two: int) -> None:
        self.set(one, paired_document_id=document_id(two))
        self.set(two, paired_document_id=document_id(one))
