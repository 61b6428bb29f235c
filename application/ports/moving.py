"""What a move of the bytes to another storage remembers."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol

from domain.ids import DocumentId


class Journal(Protocol):
    """Documents whose bytes were read back from the other storage and found right, from one run to the next.

    A hint: what is forgotten is only read once more.
    """

    @abstractmethod
    def __contains__(self, id: object) -> bool: ...

    @abstractmethod
    def note(self, id: DocumentId) -> None: ...

    @abstractmethod
    def forget(self) -> None:
        """All of it, so that everything is read again."""


class Tombstones(Protocol):
    @abstractmethod
    async def purged(self, ids: Sequence[DocumentId]) -> set[DocumentId]:
        """Those of `ids` that have been purged."""
