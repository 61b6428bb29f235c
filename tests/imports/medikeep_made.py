"""Small MediKeep installations, made for a test."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

_EARLY = """
CREATE TABLE users (id INTEGER PRIMARY KEY, username VARCHAR, email VARCHAR, password_hash VARCHAR, full_name VARCHAR);
CREATE TABLE patients (id INTEGER PRIMARY KEY, user_id INTEGER, owner_user_id INTEGER, first_name VARCHAR,
    last_name VARCHAR, birth_date DATE);
CREATE TABLE patient_shares (id INTEGER PRIMARY KEY, patient_id INTEGER, shared_with_user_id INTEGER,
    permission_level VARCHAR, is_active BOOLEAN, expires_at TIMESTAMP);
CREATE TABLE lab_results (id INTEGER PRIMARY KEY, patient_id INTEGER, test_name VARCHAR, completed_date DATE);
CREATE TABLE encounters (id INTEGER PRIMARY KEY, patient_id INTEGER, reason VARCHAR, date DATE);
CREATE TABLE allergies (id INTEGER PRIMARY KEY, patient_id INTEGER, allergen VARCHAR);
CREATE TABLE family_members (id INTEGER PRIMARY KEY, patient_id INTEGER, name VARCHAR);
CREATE TABLE lab_result_files (id INTEGER PRIMARY KEY, lab_result_id INTEGER, file_name VARCHAR, file_path VARCHAR,
    file_type VARCHAR, file_size INTEGER, description VARCHAR, uploaded_at TIMESTAMP);
CREATE TABLE entity_files (id INTEGER PRIMARY KEY, entity_type VARCHAR, entity_id INTEGER, file_name VARCHAR,
    file_path VARCHAR, file_type VARCHAR, file_size INTEGER, description VARCHAR, category VARCHAR,
    uploaded_at TIMESTAMP);
INSERT INTO users VALUES (1, 'eva', 'eva@example.org', 'x', 'Eva Ruiz'), (2, 'ian', 'ian@example.org', 'x', 'Ian Roy');
INSERT INTO patients VALUES (1, 1, 1, 'Eva', 'Ruiz', '1980-02-03'), (2, 1, 1, 'Kid', 'Ruiz', '2015-01-01'),
    (3, 2, 2, 'Ian', 'Roy', '1970-05-06');
INSERT INTO lab_results VALUES (1, 1, 'Blood', '2025-01-01'), (2, 2, 'Urine', NULL), (3, 3, 'Blood', NULL);
INSERT INTO encounters VALUES (1, 2, 'Cough', '2025-01-02');
INSERT INTO allergies VALUES (1, 3, 'Nuts');
INSERT INTO family_members VALUES (1, 3, 'Mother');
"""

AT = "2025-07-30 10:20:30.000000"


class MediKeepMade:
    """The version of July 2025: no storage backends, no remote files."""

    def __init__(self, folder: Path) -> None:
        self.database, self.uploads = folder / "medikeep.db", folder / "uploads"
        self.uploads.mkdir(parents=True)
        self.run(*_EARLY.split(";"))

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

    def write(self, path: str, data: bytes) -> Path:
        file = self.uploads / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        return file

    def lab_file(self, id: int, lab_result: int | None, *, stored: str | None = None, data: bytes | None = None) -> str:
        """A row with its file; the file's path below the uploads folder."""
        path, text = f"lab_result_files/{id}.txt", data if data is not None else f"text {id}".encode()
        self.write(path, text)
        row = (id, lab_result, f"n{id}.txt", stored or f"uploads/{path}", "text/plain", len(text), f"Said {id}", AT)
        self.put("lab_result_files", *row)
        return path

    def entity_file(self, id: int, kind: str, of: int, stored: str, category: str | None = None) -> None:
        self.put("entity_files", id, kind, of, f"e{id}.txt", stored, "text/plain", None, None, category, AT)


def fingerprints(folder: Path) -> dict[str, str]:
    """Every file below a folder with its checksum and the time of its last change."""
    return {
        str(path.relative_to(folder)): f"{sha256(path.read_bytes()).hexdigest()} {path.stat().st_mtime_ns}"
        for path in _files(folder)
    }


def _files(folder: Path) -> Sequence[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
