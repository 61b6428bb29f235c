"""What the metadata of an upload in pieces say: the fields of the forms of the uploads that come whole, and which."""

from typing import Any

import msgspec

from application.resumable.targets import DocumentTarget, FileTarget, PhotoTarget, Sent, Target
from domain.attachments import OwnerRegistry
from domain.errors import Malformed
from domain.ids import PatientId
from entrypoints.http.envelopes import host
from entrypoints.http.patient_documents import DocumentForm
from entrypoints.http.photos import PhotoForm, photo_words
from entrypoints.http.receiving import Form
from entrypoints.http.record_files import FileForm
from entrypoints.http.tus import parsed
from entrypoints.http.uploading import words

TARGETS = ("photo", "document", "file")

_UNSAID = ("name", "type", "relativePath")
"""What clients add of their own accord."""


class OfPatient(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    patient_id: str


class OfRecord(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    entity_type: str
    entity_id: str


def document_path(sent: Sent) -> str:
    """Where the document will be, without its id."""
    return "/api/v1/files" if isinstance(sent.target, FileTarget) else "/api/v1/media/documents"


def sent_by(metadata: str, registry: OwnerRegistry) -> Sent:
    """Raises `Malformed` or `Invalid`, as the forms do."""
    said = {name: text for name, text in parsed(metadata).items() if name not in _UNSAID}
    kind = said.pop("target", "")
    if kind not in TARGETS:
        raise Malformed(f"target must be one of {', '.join(TARGETS)}", field="target")
    filename, declared = said.pop("filename", ""), said.pop("filetype", "")
    return Sent(target=_target(kind, said, registry), filename=filename, declared=declared or None)


def _target(kind: str, said: dict[str, str], registry: OwnerRegistry) -> Target:
    if kind == "file":
        record, file = _form(_taken(said, OfRecord), OfRecord), _form(said, FileForm)
        ref = registry.ref(record.entity_type, host(record.entity_id, "entity_id"))
        return FileTarget(owner=ref, description=file.description, category=file.category)
    patient = PatientId(_form(_taken(said, OfPatient), OfPatient).patient_id)
    if kind == "photo":
        return PhotoTarget(patient=patient, words=photo_words(_form(said, PhotoForm), registry))
    form = _form(said, DocumentForm)
    return DocumentTarget(
        patient=patient, document_type=form.document_type, title=form.title, description=form.description
    )


def _taken(said: dict[str, str], kind: type[msgspec.Struct]) -> dict[str, str]:
    """The fields of `kind`, which are then no longer in `said`."""
    return {name: said.pop(name) for name in kind.__struct_fields__ if name in said}


def _form(said: dict[str, str], kind: Any) -> Any:
    """A list has a line for each of its items."""
    return words(
        Form(fields={name: text.split("\n") if name == "tags" else [text] for name, text in said.items()}), kind
    )
