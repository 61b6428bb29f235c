"""Files on any record: an attachment links a document to an owner, and the registry knows the kinds of owners."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from domain import filetypes
from domain.errors import Malformed, RuleViolated, TooLarge, Unsupported
from domain.events import AttachmentLinked, AttachmentRevised, AttachmentUnlinked, Event
from domain.ids import AttachmentId, ClinicId, DocumentId, OwnerId, PatientId

MAX_ORDER = 1_000_000


class Operation(StrEnum):
    UPLOAD = "upload"
    DOWNLOAD = "download"
    DELETE = "delete"
    PREVIEW = "preview"


@dataclass(frozen=True, slots=True)
class OwnerRef:
    """A record of the host: its type in the registry's spelling and its id."""

    type: str
    id: OwnerId

    def __str__(self) -> str:
        return f"{self.type}/{self.id}"


@dataclass(frozen=True, slots=True)
class Owner:
    """What is known of a record: whose it is."""

    ref: OwnerRef
    patient_id: PatientId


LOCAL = "local"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerType:
    """A kind of record that can have files, with the rules for them.

    `max_bytes` is per file; `max_files` counts files that are not in the trash; None is no limit of its own.
    `accepted` is a list of extensions, empty for everything the installation accepts.
    """

    name: str
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    aliases: frozenset[str] = frozenset()
    resolver: str = LOCAL
    accepted: tuple[str, ...] = ()
    max_bytes: int | None = None
    max_files: int | None = None
    categories: tuple[str, ...] = ()
    default_category: str | None = None
    operations: frozenset[Operation] = frozenset(Operation)

    def label(self, language: str) -> str:
        return self.labels.get(language) or self.labels.get("en") or self.name

    @property
    def file_types(self) -> tuple[filetypes.FileType, ...]:
        if not self.accepted:
            return filetypes.DOCUMENT_TYPES
        return tuple(dict.fromkeys(filetypes.BY_EXTENSION[extension] for extension in self.accepted))

    def check_upload(self, filename: str, category: str | None) -> str | None:
        """The category to store; raises `RuleViolated`, `Malformed` or `Unsupported` before any byte is read."""
        if Operation.UPLOAD not in self.operations:
            raise RuleViolated(f"Nothing can be uploaded to {self.name}")
        extension = filetypes.extension_of(filename)
        if self.accepted and extension not in self.accepted:
            raise Unsupported(f"{self.name} accepts {', '.join(self.accepted)}", field="file")
        return self.check_category(category)

    def check_category(self, category: str | None) -> str | None:
        if not category:
            return self.default_category
        if self.categories and category not in self.categories:
            raise Malformed(f"category must be one of {', '.join(self.categories)}", field="category")
        return category

    def check_size(self, size: int) -> None:
        if self.max_bytes is not None and size > self.max_bytes:
            raise TooLarge(f"{self.name} accepts files of at most {_readable(self.max_bytes)}", field="file")

    def check_count(self, already: int) -> None:
        if self.max_files is not None and already >= self.max_files:
            raise RuleViolated(f"{self.name} holds at most {self.max_files} files; delete one first", field="file")


def _readable(size: int) -> str:
    return f"{size / 2**20:g} MB" if size >= 2**18 else f"{size} bytes"


class OwnerRegistry:
    """The owner types of an installation, found by name or alias; `ValueError` where one word means two of them."""

    def __init__(self, types: Iterable[OwnerType]) -> None:
        self._types: dict[str, OwnerType] = {}
        self._names: dict[str, str] = {}
        for owner_type in types:
            self._types[owner_type.name] = owner_type
            for word in (owner_type.name, *sorted(owner_type.aliases)):
                meant = self._names.setdefault(word, owner_type.name)
                if meant != owner_type.name:
                    raise ValueError(f"{word} means both {meant} and {owner_type.name}")

    def __iter__(self) -> Iterator[OwnerType]:
        return iter(self._types.values())

    def get(self, name: str) -> OwnerType:
        """Raises `Malformed` for a type that is not registered."""
        known = self._names.get(name)
        if known is None:
            raise Malformed(f"owner_type must be one of {', '.join(sorted(self._types))}", field="owner_type")
        return self._types[known]

    def ref(self, type: str, id: str) -> OwnerRef:
        """A reference in the registry's spelling."""
        return OwnerRef(self.get(type).name, OwnerId(id))


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaAttachment:
    id: AttachmentId
    clinic_id: ClinicId
    patient_id: PatientId
    document_id: DocumentId
    owner: OwnerRef
    display_order: int = 0
    category: str | None = None
    created_at: datetime


def link(attachment: MediaAttachment, document_patient: PatientId) -> tuple[Event, ...]:
    """Raises `RuleViolated` when the owner is another patient's: compared here, not by the resolver's word."""
    if attachment.patient_id != document_patient:
        raise RuleViolated("The document and the record belong to different patients", field="owner_id")
    if not 0 <= attachment.display_order <= MAX_ORDER:
        raise RuleViolated(f"display_order must be 0 to {MAX_ORDER}", field="display_order")
    return (
        AttachmentLinked(
            patient_id=attachment.patient_id,
            document_id=attachment.document_id,
            attachment_id=attachment.id,
            owner_type=attachment.owner.type,
            owner_id=attachment.owner.id,
        ),
    )


def unlink(attachment: MediaAttachment) -> tuple[Event, ...]:
    return (
        AttachmentUnlinked(
            patient_id=attachment.patient_id,
            document_id=attachment.document_id,
            attachment_id=attachment.id,
            owner_type=attachment.owner.type,
            owner_id=attachment.owner.id,
        ),
    )


def filed_under(attachment: MediaAttachment, category: str | None) -> tuple[MediaAttachment, tuple[Event, ...]]:
    """`attachment` in another category; unchanged and without an event where it is in that one already."""
    if attachment.category == category:
        return attachment, ()
    event = AttachmentRevised(
        patient_id=attachment.patient_id,
        document_id=attachment.document_id,
        attachment_id=attachment.id,
        owner_type=attachment.owner.type,
        owner_id=attachment.owner.id,
        changed=("category",),
    )
    return replace(attachment, category=category), (event,)


def ordered(attachments: Iterable[MediaAttachment], ids: tuple[AttachmentId, ...]) -> tuple[MediaAttachment, ...]:
    """The attachments of one owner, numbered in the order of `ids`; each must be named exactly once."""
    by_id = {attachment.id: attachment for attachment in attachments}
    if set(ids) != set(by_id) or len(ids) != len(by_id):
        raise RuleViolated("attachment_ids must name each attachment of the record once", field="attachment_ids")
    return tuple(replace(by_id[id], display_order=position) for position, id in enumerate(ids))
