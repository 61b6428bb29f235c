"""What a DentalPin document is filed as: by its own columns, else by how treatments used it, else by its type."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from adapters.legacy.tables import text
from domain.errors import DomainError
from domain.media import XRAY, Classification, DocumentType, MediaKind, Taxonomy

Used = Sequence[Mapping[str, Any]]
"""Rows of treatment_media of one document, the oldest first."""

Note = Callable[[str, str], None]
"""Takes an anomaly's code and reason."""

_PHOTO_WORDS = ("before", "after", "reference")
_PICTURES = (MediaKind.PHOTO, MediaKind.XRAY)


class Filed(NamedTuple):
    media: Classification
    by_type: bool
    """Only because its type is of a picture."""


def classified(row: Mapping[str, Any], used: Used, mime: str, taxonomy: Taxonomy, note: Note) -> Classification:
    filed = _filed(row, used, mime, taxonomy, note)
    kind, document_type = filed.media.kind, text(row.get("document_type")).strip().lower()
    if filed.by_type and document_type in set(DocumentType) - {DocumentType.OTHER}:
        note("scan_becomes_photo", f"its type is {document_type}; a photo by the rule for {mime}, the type is kept")
    if kind in _PICTURES and not mime.startswith("image/") and mime != "application/dicom":
        note("non_image_photo", f"filed as {kind} though it is {mime}; kept so, and no picture is made of it")
    return filed.media


def _filed(row: Mapping[str, Any], used: Used, mime: str, taxonomy: Taxonomy, note: Note) -> Filed:
    kind = _kind(row, note)
    if kind is not None and (given := _given(row, kind, taxonomy, note)) is not None:
        return Filed(given, by_type=False)
    by_use = _by_use(used, taxonomy, note)
    if by_use is not None:
        return Filed(by_use, by_type=False)
    if kind is not None:
        return Filed(Classification(kind=kind), by_type=False)
    is_image = mime.startswith("image/")
    return Filed(Classification(kind=MediaKind.PHOTO if is_image else MediaKind.DOCUMENT), by_type=is_image)


def _kind(row: Mapping[str, Any], note: Note) -> MediaKind | None:
    """As later versions say it."""
    word = text(row.get("media_kind")).strip().lower()
    if not word:
        return None
    try:
        return MediaKind(word)
    except ValueError:
        note("odd_media_kind", f"media_kind {word!r} is no kind here; filed by the other rules")
        return None


def _given(row: Mapping[str, Any], kind: MediaKind, taxonomy: Taxonomy, note: Note) -> Classification | None:
    """None where kind stands alone, so that how it was used may say more."""
    category, subtype = (text(row.get(f"media_{name}")).strip() or None for name in ("category", "subtype"))
    if category is None and subtype is None and kind is not MediaKind.XRAY:
        return None
    try:
        return taxonomy.classify(kind, category, subtype)
    except DomainError as error:
        note("odd_classification", f"{kind}/{category}/{subtype} is kept as {kind} alone: {error.detail}")
    try:
        return taxonomy.classify(kind, category, None)
    except DomainError:
        return Classification(kind=kind, category=XRAY if kind is MediaKind.XRAY else None)


def _by_use(used: Used, taxonomy: Taxonomy, note: Note) -> Classification | None:
    words = [text(each.get("media_type")).strip().lower() for each in used]
    for word in dict.fromkeys(words):
        if word not in (*_PHOTO_WORDS, XRAY):
            note(
                "odd_media_type", f"media_type {word!r} is none of before, after, xray and reference; the link is kept"
            )
    photos = [word for word in words if word in _PHOTO_WORDS]
    if XRAY in words:
        if photos:
            note("xray_and_photo_rows", f"used as xray and as {', '.join(dict.fromkeys(photos))}: xray wins")
        return taxonomy.classify(MediaKind.XRAY, XRAY, "panoramic")
    if len(set(photos)) > 1:
        others = ", ".join(word for word in dict.fromkeys(photos) if word != photos[0])
        note("conflicting_media_types", f"used as {photos[0]} first and as {others} later: the first stands")
    return taxonomy.classify(MediaKind.PHOTO, "clinical", photos[0]) if photos else None


def described(row: Mapping[str, Any], used: Used, note: Note) -> str | None:
    """Its description and every note of its use, in the order they were written."""
    notes = list(_notes(used))
    if len(set(notes)) > 1:
        note("several_notes", f"{len(notes)} notes on its use in treatments are joined in its description")
    said = text(row.get("description"))
    return "\n".join([*([said] if said.strip() else []), *notes]) or None


def _notes(used: Used) -> Iterator[str]:
    return (said for said in (text(each.get("notes")) for each in used) if said.strip())
