"""The media vocabulary and the rules of classification.

A document has a kind. Photos and x-rays also have a category; a category has subtypes. Everything else about a file
that its bytes say is in `MediaFacts`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from domain.errors import Malformed, RuleViolated


class MediaKind(StrEnum):
    DOCUMENT = "document"
    PHOTO = "photo"
    XRAY = "xray"
    SCAN = "scan"
    VIDEO = "video"


class DocumentType(StrEnum):
    CONSENT = "consent"
    ID_SCAN = "id_scan"
    INSURANCE = "insurance"
    REPORT = "report"
    REFERRAL = "referral"
    OTHER = "other"


class CaptureSource(StrEnum):
    """Where the capture date came from."""

    EXIF = "exif"
    USER = "user"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the vocabulary with its labels by language."""

    key: str
    labels: Mapping[str, str]

    def label(self, language: str) -> str:
        return self.labels.get(language) or self.labels["en"]


def _term(key: str, es: str, en: str) -> Term:
    return Term(key, MappingProxyType({"es": es, "en": en}))


@dataclass(frozen=True, slots=True)
class Category:
    term: Term
    subtypes: tuple[Term, ...]

    @property
    def key(self) -> str:
        return self.term.key


XRAY = "xray"

_CATEGORIES = (
    Category(
        _term("intraoral", "Intraoral", "Intraoral"),
        (
            _term("frontal", "Frontal", "Frontal"),
            _term("lateral_left", "Lateral izda", "Left lateral"),
            _term("lateral_right", "Lateral dcha", "Right lateral"),
            _term("occlusal_upper", "Oclusal sup", "Upper occlusal"),
            _term("occlusal_lower", "Oclusal inf", "Lower occlusal"),
            _term("palatal", "Palatal", "Palatal"),
            _term("lingual", "Lingual", "Lingual"),
        ),
    ),
    Category(
        _term("extraoral", "Extraoral", "Extraoral"),
        (
            _term("profile_left", "Perfil izdo", "Left profile"),
            _term("profile_right", "Perfil dcho", "Right profile"),
            _term("frontal_face", "Frontal", "Frontal face"),
            _term("smile", "Sonrisa", "Smile"),
            _term("rest", "Reposo", "At rest"),
            _term("three_quarter_left", "3/4 izdo", "Left 3/4"),
            _term("three_quarter_right", "3/4 dcho", "Right 3/4"),
        ),
    ),
    Category(
        _term(XRAY, "Radiografías", "X-rays"),
        (
            _term("panoramic", "Panorámica", "Panoramic"),
            _term("periapical", "Periapical", "Periapical"),
            _term("bitewing", "Aleta", "Bitewing"),
            _term("cephalometric_lateral", "Cefalo lateral", "Lateral cephalometric"),
            _term("cephalometric_pa", "Cefalo PA", "PA cephalometric"),
            _term("cbct", "CBCT", "CBCT"),
            _term("occlusal_xray", "Oclusal Rx", "Occlusal x-ray"),
        ),
    ),
    Category(
        _term("clinical", "Antes/Después", "Before/After"),
        (
            _term("before", "Antes", "Before"),
            _term("after", "Después", "After"),
            _term("progress", "Progreso", "Progress"),
            _term("reference", "Referencia", "Reference"),
        ),
    ),
    Category(
        _term("other", "Otras", "Other"),
        (
            _term("portrait", "Retrato", "Portrait"),
            _term("document_scan", "Documento", "Document"),
            _term("model_photo", "Modelo", "Model"),
        ),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """Kind, category and subtype of a document; built by `Taxonomy.classify`, or by rows already stored."""

    kind: MediaKind = MediaKind.DOCUMENT
    category: str | None = None
    subtype: str | None = None


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The categories of this installation, in the order of the gallery's rail."""

    categories: tuple[Category, ...] = _CATEGORIES

    def with_subtypes(self, more: Mapping[str, Mapping[str, Mapping[str, str]]]) -> "Taxonomy":
        """Add subtypes: category → subtype → language → label. Raises `Malformed` for an unknown category."""
        for key in more:
            self.category(key)
        return Taxonomy(tuple(_extended(category, more.get(category.key, {})) for category in self.categories))

    def category(self, key: str) -> Category:
        for category in self.categories:
            if category.key == key:
                return category
        known = ", ".join(category.key for category in self.categories)
        raise Malformed(f"media_category must be one of {known}", field="media_category")

    def classify(self, kind: MediaKind, category: str | None, subtype: str | None) -> Classification:
        """Check the three words against each other; an x-ray without a category is stored as category xray.

        Raises `Malformed` for words outside the vocabulary, `RuleViolated` for words that do not go together.
        """
        if kind not in (MediaKind.PHOTO, MediaKind.XRAY):
            return _unclassified(kind, category, subtype)
        category = category or (XRAY if kind is MediaKind.XRAY else None)
        if category is None:
            raise RuleViolated("A photo needs a media_category", field="media_category")
        self._check_subtype(category, subtype)
        if (category == XRAY) != (kind is MediaKind.XRAY):
            raise RuleViolated(
                "Category xray goes with media_kind xray, and no other category does", field="media_category"
            )
        return Classification(kind=kind, category=category, subtype=subtype)

    def fits(self, category: str, subtype: str | None) -> bool:
        return subtype is None or any(term.key == subtype for term in self.category(category).subtypes)

    def _check_subtype(self, category: str, subtype: str | None) -> None:
        if subtype is None:
            self.category(category)
            return
        if any(subtype == term.key for known in self.categories for term in known.subtypes):
            if not self.fits(category, subtype):
                raise RuleViolated(f"{subtype} is not a subtype of {category}", field="media_subtype")
            return
        known = ", ".join(term.key for term in self.category(category).subtypes)
        raise Malformed(f"media_subtype must be one of {known}", field="media_subtype")


def _extended(category: Category, more: Mapping[str, Mapping[str, str]]) -> Category:
    added = tuple(Term(key, MappingProxyType({"en": key, **labels})) for key, labels in more.items())
    return replace(category, subtypes=category.subtypes + added)


def _unclassified(kind: MediaKind, category: str | None, subtype: str | None) -> Classification:
    if category is not None or subtype is not None:
        raise RuleViolated(f"media_kind {kind} carries no category and no subtype", field="media_category")
    return Classification(kind=kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFacts:
    """What a file's bytes say. Width and height are in pixels as a person sees the picture (orientation applied)."""

    width: int | None = None
    height: int | None = None
    captured_at: datetime | None = None
    """When the picture was taken, in UTC, already checked by `plausible_capture`."""
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class Capture:
    """A capture date and where it came from."""

    at: datetime | None = None
    source: CaptureSource = field(default=CaptureSource.NONE)


def plausible_capture(at: datetime | None, now: datetime) -> datetime | None:
    """The date in UTC, or None where no camera can have meant it: before 1970 or more than a day ahead of `now`."""
    if at is None or at.year < 1970 or at > now + timedelta(days=1):
        return None
    return at.astimezone(UTC)


def capture(given: datetime | None, read: datetime | None) -> Capture:
    """What a person says goes before what the file says."""
    if given is not None:
        return Capture(given, CaptureSource.USER)
    return Capture(read, CaptureSource.EXIF) if read is not None else Capture()
