"""What a story is made of, and what whoever plays it must be able to do."""

from abc import abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol, TypeAlias

from domain.access import Access
from domain.attachments import OwnerRef
from domain.media import DocumentType, MediaKind
from domain.notes import NoteType
from entrypoints.demo.cast import DemoPatient, Person


class Note(NamedTuple):
    note_type: NoteType
    owner: OwnerRef
    body: str
    tooth: int | None
    photos: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What is said of a file. `key` is how the rest of the story refers to it."""

    key: str
    filename: str
    title: str
    words: str = ""
    """category/subtype of a picture."""
    kind: MediaKind = MediaKind.DOCUMENT
    document_type: DocumentType = DocumentType.OTHER
    tags: tuple[str, ...] = ()
    pair: str | None = None
    on: tuple[OwnerRef, ...] = ()


class Performance(Protocol):
    """Each method does it as the person whose turn it is, now."""

    @abstractmethod
    async def register(self, patient: DemoPatient) -> None: ...

    @abstractmethod
    async def record(self, patient: DemoPatient, ref: OwnerRef, title: str, occurred_at: datetime) -> None: ...

    @abstractmethod
    async def grant(self, patient: DemoPatient, person: Person, access: Access) -> None: ...

    @abstractmethod
    async def store(self, patient: DemoPatient, upload: Upload, content: bytes) -> None: ...

    @abstractmethod
    async def file(self, owner: OwnerRef, filename: str, category: str, content: bytes) -> None: ...

    @abstractmethod
    async def note(self, note: Note) -> None: ...

    @abstractmethod
    async def trash(self, key: str) -> None: ...


Play: TypeAlias = Callable[[Performance, bytes], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """`make` gives the bytes that `play` stores; it is slow and runs ahead in a thread."""

    at: datetime
    by: Person
    play: Play
    make: Callable[[], bytes] | None = None
