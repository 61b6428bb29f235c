"""Zip packages: Word and Excel documents, checked without unpacking them."""

import stat
import zipfile

from adapters.imaging.sandbox.content import Content
from adapters.imaging.sandbox.refusal import Refusal, damaged
from domain import filetypes

_MAX_ENTRIES = 2000
_MAX_UNPACKED = 200_000_000
_MAX_DIRECTORY = 4_000_000
_MAX_CONTENT_TYPES = 1_000_000
_PROLOG = 4096
_END_RECORD = b"PK\x05\x06"
_END_WITHIN = 65_557
_CONTENT_TYPES = "[Content_Types].xml"
_OFFICE_NAMES = (b"[Content_Types]", b"_rels/", b"docProps/", b"word/", b"xl/")

_MAIN_PARTS = (
    (b"wordprocessingml.document.main+xml", filetypes.DOCX.mime),
    (b"spreadsheetml.sheet.main+xml", filetypes.XLSX.mime),
    (b"macroEnabled", "application/vnd.ms-office.macroEnabled"),
    (b"presentationml", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
_ARCHIVE = "application/zip"


def package_type(content: Content) -> str:
    """The document a zip holds, or plain zip. Raises `Refusal` for an Office document that is damaged or dangerous."""
    directory = _directory_size(content)
    if directory is None:
        if content.head[30:].startswith(_OFFICE_NAMES):
            raise damaged("Office document")
        return _ARCHIVE
    entries, size = directory
    if entries > _MAX_ENTRIES or size > _MAX_DIRECTORY:
        raise Refusal("The file is over a decoding limit: it holds too many parts.")
    try:
        with content.open() as file, zipfile.ZipFile(file) as archive:
            return _opened_type(archive, content.size)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, RuntimeError, EOFError) as error:
        raise damaged("Office document or zip archive") from error


def _directory_size(content: Content) -> tuple[int, int] | None:
    """Entries and bytes of the central directory as the archive's end states them."""
    start = max(0, content.size - _END_WITHIN)
    tail = content.read(start, _END_WITHIN)
    at = tail.rfind(_END_RECORD)
    record = tail[at : at + 22]
    if at < 0 or len(record) < 22:
        return None
    return int.from_bytes(record[10:12], "little"), int.from_bytes(record[12:16], "little")


def _opened_type(archive: zipfile.ZipFile, size: int) -> str:
    names = set(archive.namelist())
    if _CONTENT_TYPES not in names:
        return _ARCHIVE
    _check_parts(archive.infolist(), size)
    with archive.open(_CONTENT_TYPES) as part:
        types = part.read(_MAX_CONTENT_TYPES)
    _check_prologs(archive)
    found = [mime for mark, mime in _MAIN_PARTS if mark in types]
    if not found:
        return _ARCHIVE
    return next((mime for mime in found if mime not in filetypes.BY_MIME), found[0])


def _check_parts(parts: list[zipfile.ZipInfo], size: int) -> None:
    """Nothing may point outside, unpack to more than the limit, or share its bytes with another part."""
    if sum(part.file_size for part in parts) > _MAX_UNPACKED or sum(part.compress_size for part in parts) > size:
        raise Refusal("The file is over a decoding limit: it unpacks to too much.")
    end = 0
    for part in sorted(parts, key=lambda part: part.header_offset):
        if part.header_offset < end:
            raise Refusal("The parts of the document overlap.")
        end = part.header_offset + part.compress_size
        steps = part.filename.replace("\\", "/").split("/")
        if ".." in steps or not steps[0] or ":" in steps[0]:
            raise Refusal("A part of the document has a name that leads outside.")
        if stat.S_ISLNK(part.external_attr >> 16):
            raise Refusal("A part of the document is a link.")


def _check_prologs(archive: zipfile.ZipFile) -> None:
    """A document type has no place in an Office document; what declares one is after the reader's entities."""
    for part in archive.infolist():
        if part.filename.lower().endswith((".xml", ".rels")):
            with archive.open(part) as opened:
                prolog = opened.read(_PROLOG).replace(b"\0", b"")
            if b"<!DOCTYPE" in prolog or b"<!ENTITY" in prolog:
                raise Refusal("A part of the document declares entities.")
