"""The words of this installation: media categories and record types, with their labels and rules."""

import re
from typing import TypeVar

import msgspec
from litestar import Controller, Response, get

from domain.access import Permission
from domain.attachments import OwnerRegistry, OwnerType
from domain.media import Category, DocumentType, MediaKind, Taxonomy, Term
from entrypoints.http.documentation import refusals
from entrypoints.http.envelopes import Envelope
from entrypoints.http.exchange import header
from entrypoints.http.requests import MediaRequest

_LANGUAGES = ("es", "en")
_TAGS = re.compile(r"([a-z]+)[a-z0-9-]*\s*(?:;\s*q=(\d(?:\.\d{0,3})?))?")
T = TypeVar("T")
_READ = {"permission": Permission.DOCUMENTS_READ, "unrecorded": True}


class TermOut(msgspec.Struct):
    """`label` is in the language that was asked for, `labels` has all there are."""

    key: str
    label: str
    labels: dict[str, str]


class CategoryOut(TermOut):
    subtypes: list[TermOut]


class TaxonomyOut(msgspec.Struct):
    media_kinds: list[MediaKind]
    document_types: list[DocumentType]
    categories: list[CategoryOut]


class OwnerTypeOut(msgspec.Struct):
    """`accepted` are file extensions, empty for all that the installation takes; null is no limit of its own."""

    name: str
    label: str
    labels: dict[str, str]
    aliases: list[str]
    accepted: list[str]
    max_bytes: int | None
    max_files: int | None
    categories: list[str]
    default_category: str | None
    operations: list[str]


class Vocabulary(Controller):
    tags = ("vocabulary",)

    taxonomy: Taxonomy
    registry: OwnerRegistry

    @get("/taxonomy", operation_id="showTaxonomy", summary="Media categories", opt=_READ, responses=refusals())
    async def show_taxonomy(self, request: MediaRequest) -> Response[Envelope[TaxonomyOut]]:
        language = language_of(request)
        categories = [_category(category, language) for category in self.taxonomy.categories]
        return _told(TaxonomyOut(list(MediaKind), list(DocumentType), categories), language)

    @get("/owner-types", operation_id="listOwnerTypes", summary="Record types", opt=_READ, responses=refusals())
    async def show_owner_types(self, request: MediaRequest) -> Response[Envelope[list[OwnerTypeOut]]]:
        language = language_of(request)
        return _told([_owner_type(kind, language) for kind in self.registry], language)


def language_of(request: MediaRequest) -> str:
    """The best of the languages there are, by Accept-Language; the first of ours where it names none of them."""
    asked = (header(request.scope, b"accept-language") or b"").decode("latin-1").lower()
    wanted = {tag: float(quality or 1) for tag, quality in _TAGS.findall(asked)}
    return max(_LANGUAGES, key=lambda language: wanted.get(language, 0.0))


def _told(data: T, language: str) -> Response[Envelope[T]]:
    headers = {"Content-Language": language, "Vary": "Accept-Language", "Cache-Control": "private, max-age=300"}
    return Response(Envelope(data), headers=headers)


def _term(term: Term, language: str) -> TermOut:
    return TermOut(term.key, term.label(language), dict(term.labels))


def _category(category: Category, language: str) -> CategoryOut:
    named = _term(category.term, language)
    return CategoryOut(named.key, named.label, named.labels, [_term(term, language) for term in category.subtypes])


def _owner_type(kind: OwnerType, language: str) -> OwnerTypeOut:
    return OwnerTypeOut(
        name=kind.name,
        label=kind.label(language),
        labels=dict(kind.labels),
        aliases=sorted(kind.aliases),
        accepted=list(kind.accepted),
        max_bytes=kind.max_bytes,
        max_files=kind.max_files,
        categories=list(kind.categories),
        default_category=kind.default_category,
        operations=sorted(kind.operations),
    )
