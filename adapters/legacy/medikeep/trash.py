"""MediKeep's trash: files with a note beside each, and nothing in the database."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from adapters.legacy.folder import Folder
from adapters.legacy.medikeep.files import Filing
from adapters.legacy.tables import moment
from application.ports.legacy import Anomaly, LegacyFile, Row

_NOTE = ".meta"
_FROM = re.compile(r"for ([\w-]+) (\d+)\s*$")
_UNIQUE = re.compile(r"_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=\.|$)")


def trashed(folder: Folder, filing: Filing) -> tuple[LegacyFile, ...]:
    """Those whose note says of which record they were; the others are named as lost."""
    return tuple(_found(folder, filing))


def _found(folder: Folder, filing: Filing) -> Iterator[LegacyFile]:
    for noted in [path for path in folder.paths() if path.startswith("trash/") and path.endswith(_NOTE)]:
        path = noted.removesuffix(_NOTE)
        filing.used |= {noted, path}
        where, name = Row("trash", path), _UNIQUE.sub("", path.rpartition("/")[2])
        told = _told(folder, noted)
        if folder.file(path) is None:
            filing.anomalies.append(Anomaly("missing_on_disk", where, name, "the trash has its note only", lost=True))
            continue
        said, at = _FROM.search(str(told.get("reason") or "")), moment(told.get("deleted_at"))
        if said is None or at is None:
            reason = "its note in the trash does not say of which record it was and when it was deleted"
            filing.anomalies.append(Anomaly("broken_chain", where, name, reason, lost=True))
            continue
        record = filing.record(where, name, said[1], said[2])
        if record is not None:
            file = filing.file_of(where, record, path=path, filename=name, created_at=at)
            yield replace(file, trashed_at=at)


def _told(folder: Folder, path: str) -> dict[str, Any]:
    note = folder.file(path)
    try:
        told = json.loads(note.read_text(encoding="utf-8")) if note else None
    except (ValueError, OSError):
        return {}
    return told if isinstance(told, dict) else {}
