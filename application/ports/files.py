"""The read side of the files surface: a file is a document as one record shows it."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple, Protocol

from application.ports.paging import Page, PageRequest
from application.ports.views import DocumentView
from domain.access import Principal
from domain.attachments import OwnerRef
from domain.ids import DocumentId, PatientId


class FileView(NamedTuple):
    """A document on a record: of several, the one asked for, else the first it was put on."""

    owner_type: str
    owner_id: str
    category: str | None
    document: DocumentView


class Link(NamedTuple):
    """That a document is on a record."""

    document_id: DocumentId
    owner_type: str
    owner_id: str
    category: str | None
    display_order: int


FILE_ORDERS = ("newest", "oldest", "name", "size", "type", "category")


class FileCriteria(NamedTuple):
    """`types` are MIME types; dates are inclusive bounds on the upload; `text` is folded (`domain.wording.folded`)."""

    order: str = "newest"
    category: str | None = None
    types: tuple[str, ...] = ()
    uploaded_from: datetime | None = None
    uploaded_to: datetime | None = None
    text: str = ""


class FileViews(Protocol):
    """As in `ports.views`: nothing of another clinic, of patients out of sight, or in the trash unless it says so."""

    @abstractmethod
    async def of_owner(
        self, actor: Principal, owner: OwnerRef, criteria: FileCriteria, request: PageRequest
    ) -> Page[FileView]: ...

    @abstractmethod
    async def get(self, actor: Principal, id: DocumentId) -> FileView:
        """Raises `NotFound`, also for a document that is on no record."""

    @abstractmethod
    async def many(self, actor: Principal, ids: Sequence[DocumentId]) -> list[FileView]:
        """Those of `ids` that the principal may see, in the order of `ids`."""

    @abstractmethod
    async def trash(self, actor: Principal, day: date | None, request: PageRequest) -> Page[FileView]:
        """What is in the trash, the latest first; of one day (UTC) if given. Documents on no record too, as their
        patient's."""

    @abstractmethod
    async def of_patient(self, actor: Principal, patient: PatientId) -> Sequence[DocumentView]:
        """Every document of a patient that is not in the trash, archived ones too, the oldest first."""

    @abstractmethod
    async def links(self, actor: Principal, ids: Sequence[DocumentId]) -> Sequence[Link]:
        """All links of those of `ids` that the principal may see, ordered by document, owner type, owner."""
