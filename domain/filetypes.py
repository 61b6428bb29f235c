"""What files are accepted: one table, and the rule that bytes, extension and declared type must agree.

The bytes decide. A name or a declared type that says something else is refused, because a later reader would trust
it; a declared ``application/octet-stream`` (or none) says nothing and is no contradiction.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.errors import Unsupported

SAYS_NOTHING = frozenset({"", "application/octet-stream", "binary/octet-stream"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FileType:
    """A type of file. `mime` is canonical, `aliases` are other names clients use for it."""

    name: str
    mime: str
    extensions: tuple[str, ...]
    aliases: frozenset[str] = frozenset()
    picture: bool = False
    """Pixels can be decoded, so it gets derivatives."""
    inline: bool = False
    """A browser shows it and it cannot run script, so it may be served inline."""

    @property
    def names(self) -> frozenset[str]:
        return self.aliases | {self.mime}


_OOXML = "application/vnd.openxmlformats-officedocument"
_ZIP = frozenset({"application/zip", "application/x-zip-compressed"})
_TEXT = frozenset({"text/plain"})

JPEG = FileType(
    name="JPEG",
    mime="image/jpeg",
    extensions=("jpg", "jpeg", "jpe", "jfif", "mpo"),
    aliases=frozenset({"image/jpg", "image/pjpeg"}),
    picture=True,
    inline=True,
)
PNG = FileType(
    name="PNG", mime="image/png", extensions=("png",), aliases=frozenset({"image/x-png"}), picture=True, inline=True
)
WEBP = FileType(name="WebP", mime="image/webp", extensions=("webp",), picture=True, inline=True)
GIF = FileType(name="GIF", mime="image/gif", extensions=("gif",), picture=True, inline=True)
TIFF = FileType(
    name="TIFF",
    mime="image/tiff",
    extensions=("tif", "tiff"),
    aliases=frozenset({"image/tif", "image/x-tiff"}),
    picture=True,
)
BMP = FileType(
    name="BMP",
    mime="image/bmp",
    extensions=("bmp", "dib"),
    aliases=frozenset({"image/x-bmp", "image/x-ms-bmp"}),
    picture=True,
    inline=True,
)
HEIC = FileType(
    name="HEIC",
    mime="image/heic",
    extensions=("heic", "heif", "hif"),
    aliases=frozenset({"image/heif", "image/heic-sequence", "image/heif-sequence"}),
    picture=True,
)
DICOM = FileType(
    name="DICOM",
    mime="application/dicom",
    extensions=("dcm", "dicom"),
    aliases=frozenset({"image/dicom", "image/x-dicom"}),
    picture=True,
)
PDF = FileType(
    name="PDF",
    mime="application/pdf",
    extensions=("pdf",),
    aliases=frozenset({"application/x-pdf"}),
    picture=True,
    inline=True,
)
DOCX = FileType(name="Word", mime=f"{_OOXML}.wordprocessingml.document", extensions=("docx",), aliases=_ZIP)
XLSX = FileType(name="Excel", mime=f"{_OOXML}.spreadsheetml.sheet", extensions=("xlsx",), aliases=_ZIP)
DOC = FileType(
    name="Word 97", mime="application/msword", extensions=("doc",), aliases=frozenset({"application/x-ole-storage"})
)
XLS = FileType(
    name="Excel 97",
    mime="application/vnd.ms-excel",
    extensions=("xls",),
    aliases=frozenset({"application/x-ole-storage", "application/x-msexcel"}),
)
TXT = FileType(name="text", mime="text/plain", extensions=("txt", "text", "log", "md"), inline=True)
CSV = FileType(
    name="CSV",
    mime="text/csv",
    extensions=("csv",),
    aliases=_TEXT | {"application/csv", "application/vnd.ms-excel"},
)
JSON = FileType(name="JSON", mime="application/json", extensions=("json",), aliases=_TEXT | {"text/json"})
XML = FileType(name="XML", mime="application/xml", extensions=("xml",), aliases=_TEXT | {"text/xml"})

PHOTO_TYPES = (JPEG, PNG, WEBP, GIF, TIFF, HEIC)
XRAY_TYPES = (*PHOTO_TYPES, DICOM)
DOCUMENT_TYPES = (PDF, DOCX, XLSX, DOC, XLS, TXT, CSV, JSON, XML, *PHOTO_TYPES, BMP, DICOM)
ALL_TYPES = DOCUMENT_TYPES

BY_MIME = {file_type.mime: file_type for file_type in ALL_TYPES}
BY_EXTENSION = {extension: file_type for file_type in ALL_TYPES for extension in file_type.extensions}

# Plain text carries no signature: which of these it is, only the extension can say.
TEXT_FAMILY = (TXT, CSV, JSON, XML)


def extension_of(filename: str) -> str:
    """The lower-case extension without its dot, or "" where there is none."""
    stem, dot, extension = filename.rpartition(".")
    return extension.lower() if dot and stem else ""


def decide(sniffed: str | None, *, filename: str, declared: str | None, accepted: Iterable[FileType]) -> FileType:
    """Return the type a file is stored as, or raise `Unsupported` saying what was found and what is accepted.

    `sniffed` is the canonical MIME type found in the bytes (see `FileInspector`), None where they match nothing known.
    """
    accepted = tuple(accepted)
    found = BY_MIME.get(sniffed or "")
    if found is None:
        raise Unsupported(f"The content is {_called(sniffed)}. {_accepts(accepted)}", field="file")
    found = _told_by_extension(found, filename)
    _check_extension(found, filename)
    _check_declared(found, declared)
    if found not in accepted:
        raise Unsupported(f"{found.name} files are not accepted here. {_accepts(accepted)}", field="file")
    return found


def _told_by_extension(found: FileType, filename: str) -> FileType:
    named = BY_EXTENSION.get(extension_of(filename))
    return named if named and found in TEXT_FAMILY and named in TEXT_FAMILY else found


def _check_extension(found: FileType, filename: str) -> None:
    extension = extension_of(filename)
    if extension and extension not in found.extensions:
        raise Unsupported(
            f"The content is {found.name} but the name ends in .{extension[:16]}. Rename it or send the right file.",
            field="file",
        )


def _check_declared(found: FileType, declared: str | None) -> None:
    said = (declared or "").partition(";")[0].strip().lower()
    if said not in SAYS_NOTHING and said not in found.names:
        raise Unsupported(
            f"The content is {found.name} ({found.mime}) but the request declares another type. "
            "Declare the right Content-Type or none.",
            field="file",
        )


def _called(sniffed: str | None) -> str:
    return f"of type {sniffed}" if sniffed else "of no type that is known here"


def _accepts(accepted: tuple[FileType, ...]) -> str:
    return f"Accepted: {', '.join(sorted({file_type.name for file_type in accepted}))}."
