"""What a refusal of the database means. Whatever is not known here is raised as it came: it is a fault of ours."""

import sqlite3

from domain.errors import Conflict, DomainError, Unavailable

_PAIRED = ("One of the photos is already in a pair", "other_id")
_STORED = ("This document is stored already", None)
_IMPORTED = ("This row was brought in already", None)
_REPEATED = ("A request with this Idempotency-Key is being worked on", None)

_IMPORT_KEY = ("clinic_id", "source", "source_table", "source_id", "kind")

# SQLite names a violated key by its columns, PostgreSQL by the constraint.
_KNOWN = {
    "pairing_members.document_id": _PAIRED,
    "pairing_members_pkey": _PAIRED,
    "documents.id": _STORED,
    "documents_pkey": _STORED,
    # Whichever key is looked at first.
    "documents.clinic_id, documents.patient_id, documents.id": _STORED,
    "documents_patient_key": _STORED,
    "repetitions.clinic_id, repetitions.user_id, repetitions.key": _REPEATED,
    "repetitions_pkey": _REPEATED,
    ", ".join(f"import_rows.{name}" for name in _IMPORT_KEY): _IMPORTED,
    "import_rows_pkey": _IMPORTED,
}

BUSY = "Others are writing to the database; try again"

# By the primary code, which is the low byte of the extended one.
_AWAY = {
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_FULL: "The disk of the database is full",
    sqlite3.SQLITE_IOERR: "The disk of the database cannot be read or written",
    sqlite3.SQLITE_CANTOPEN: "The database cannot be opened; is it there, and migrated?",
    sqlite3.SQLITE_READONLY: "The database cannot be written",
    sqlite3.SQLITE_CORRUPT: "The database is damaged",
    sqlite3.SQLITE_NOTADB: "The database is damaged",
    sqlite3.SQLITE_NOMEM: "The database is out of memory",
    sqlite3.SQLITE_PROTOCOL: BUSY,
}


UNSTORABLE = "That holds characters or numbers that cannot be stored"


def conflict(violated: str | None) -> DomainError | None:
    """The domain's word for a violated key, by constraint or columns; None for one that cannot come about."""
    known = _KNOWN.get(violated or "")
    return Conflict(known[0], field=known[1]) if known else None


def sqlite_error(error: sqlite3.Error) -> Exception:
    """What to raise for an error of the SQLite driver."""
    code: int = getattr(error, "sqlite_errorcode", 0)
    if code in (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY):
        return conflict(str(error).partition(": ")[2]) or error
    words = _AWAY.get(code & 0xFF)
    return Unavailable(words) if words else error
