"""What a row of DentalPin's documents says of itself, field by field, with what cannot be kept of it."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from adapters.legacy.tables import moment, text
from application.ports.legacy import Row
from domain import filetypes, wording
from domain.documents import taken_at
from domain.errors import RuleViolated
from domain.ids import DocumentId, is_our_id
from domain.media import DocumentType

Lost = partial[None]
"""Notes an anomaly of a document: code, reason, and whether it is lost."""

_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}")


def check_name(row: Mapping[str, Any], path: str, note: Lost) -> None:
    name = filename_of(row)
    if not name.isascii() and not _is_latin1(name):
        note("non_latin1_filename", f"{name} is kept exactly")
    if _ESCAPED.search(name):
        note("percent_in_filename", f"{name} is kept to the letter")
    if not filetypes.extension_of(name) and not filetypes.extension_of(path.rpartition("/")[2]):
        note("no_extension", "neither its name nor its file has an extension; its bytes tell what it is")
    if wording.clean_filename(name) != name:
        note("filename_cleaned", f"its name becomes {wording.clean_filename(name)}")


def title_of(row: Mapping[str, Any], note: Lost) -> str | None:
    title = wording.line(text(row.get("title")))
    if len(title) > wording.MAX_TITLE:
        note("title_cut", f"of its title's {len(title)} characters the first {wording.MAX_TITLE} come", lost=True)
    elif len(title) == wording.MAX_TITLE:
        note(f"title_{wording.MAX_TITLE}", f"its title is as long as one may be, {len(title)}; kept in full")
    return title[: wording.MAX_TITLE].strip() or None


def captured_at_of(row: Mapping[str, Any], now: datetime, note: Lost) -> datetime | None:
    at = moment(row.get("captured_at"))
    try:
        return taken_at(at, now).at
    except RuleViolated as error:
        note("odd_captured_at", f"{at} is left out: {error.detail}", lost=True)
        return None


def id_of(where: Row, note: Lost) -> DocumentId | None:
    if is_our_id(where.id):
        return DocumentId(where.id)
    note("id_changed", "its id is no UUID; it gets another one")
    return None


def filename_of(row: Mapping[str, Any]) -> str:
    stored = text(row.get("storage_path")).replace("\\", "/").rpartition("/")[2]
    return text(row.get("original_filename")) or stored or "file"


def _is_latin1(name: str) -> bool:
    try:
        name.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True


def mime_of(row: Mapping[str, Any], path: str) -> str:
    """As its row says; else as its name does."""
    said = text(row.get("mime_type")).partition(";")[0].strip().lower()
    if said not in filetypes.SAYS_NOTHING:
        return said
    names = (filename_of(row), path.rpartition("/")[2])
    found = (filetypes.BY_EXTENSION.get(filetypes.extension_of(name)) for name in names)
    return next((file_type.mime for file_type in found if file_type), said)


def document_type_of(row: Mapping[str, Any], note: Lost) -> DocumentType:
    word = text(row.get("document_type")).strip().lower()
    try:
        return DocumentType(word or DocumentType.OTHER)
    except ValueError:
        note("odd_document_type", f"{word!r} is no type here; filed as other")
        return DocumentType.OTHER


def archived_at_of(row: Mapping[str, Any], changed: datetime, note: Lost) -> datetime | None:
    status = text(row.get("status")).strip().lower()
    if status in ("", "active"):
        return None
    if status == "archived":
        note("archived_document", "it was archived there, and is here")
    else:
        note("odd_status", f"its status is {status!r}; archived here")
    return changed


def tags_of(row: Mapping[str, Any], note: Lost) -> tuple[str, ...]:
    told: dict[str, str] = {}
    for word in _words(row.get("tags")):
        if cleaned := wording.line(word):
            told.setdefault(cleaned.casefold(), cleaned)
    kept = [word for word in told.values() if len(word) <= wording.MAX_TAG][: wording.MAX_TAGS]
    if len(kept) < len(told):
        note("tags_cut", f"{len(told) - len(kept)} of its tags are too long or too many", lost=True)
    return tuple(kept)


def _words(value: Any) -> list[str]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            value = value.strip("{}").split(",")
    return [text(each) for each in value] if isinstance(value, list | tuple) else []
