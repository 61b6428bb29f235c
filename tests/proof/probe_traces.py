"""What requests leave behind: changes, which probes must not make, and entries in the audit log, which they must."""

import sqlite3
from contextlib import closing

from entrypoints.settings import Settings

_LOGS = ("audit", "audit_heads", "alembic_version")


class Traces:
    """Of an installation on SQLite."""

    def __init__(self, settings: Settings) -> None:
        self._path = settings.folder / "clinic-media.db"
        self._files = settings.folder / "files"
        self._refused: dict[str, tuple[str, str | None, str]] = {}

    def state(self, *, only_abroad: bool) -> dict[str, list[tuple[object, ...]]]:
        """Every row but those of the logs, of the other clinic alone if so asked; and the names of all files."""
        with closing(sqlite3.connect(self._path)) as database:
            tables = [
                name
                for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
                if name not in _LOGS and not name.startswith("sqlite_")
            ]
            rows = {table: _rows(database, table, only_abroad=only_abroad) for table in tables}
        files = sorted(str(path) for path in self._files.rglob("*") if path.is_file())
        return rows | {"": [(file,) for file in files]}

    def refused(self, request_id: str, user: str, code: str | None, told: str) -> None:
        """That somebody was, with this code, None where the answer has none."""
        self._refused[request_id] = (user, code, told)

    def missing(self) -> list[str]:
        """What was refused and is not in the audit log as it should be."""
        with closing(sqlite3.connect(self._path)) as database:
            found = database.execute(
                "SELECT request_id, user_id, outcome FROM audit WHERE clinic_id = 'clinic' AND outcome <> 'ok'"
            )
            entries = {request_id: (user, outcome) for request_id, user, outcome in found}
        return [
            f"{told}: in the audit log is {entries.get(id)}"
            for id, (user, code, told) in self._refused.items()
            if id not in entries or entries[id] != (user, code or entries[id][1])
        ]


def _rows(database: sqlite3.Connection, table: str, *, only_abroad: bool) -> list[tuple[object, ...]]:
    cursor = database.execute(f"SELECT * FROM {table}")
    columns = [column[0] for column in cursor.description]
    rows = cursor.fetchall()
    if only_abroad and "clinic_id" in columns:
        at = columns.index("clinic_id")
        rows = [row for row in rows if row[at] == "abroad"]
    return sorted(rows, key=repr)
