"""Keeping a backup unreadable for whoever does not have the key."""

from abc import abstractmethod
from collections.abc import AsyncIterator
from typing import Protocol


class Damaged(Exception):
    """The bytes are not those that were sealed under this name."""


class Sealing(Protocol):
    """One file on its way in."""

    @abstractmethod
    def update(self, chunk: bytes) -> bytes:
        """Sealed bytes so far; may be none."""

    @abstractmethod
    def finish(self) -> bytes: ...


class Cipher(Protocol):
    """Works on files of any size in little memory."""

    @abstractmethod
    def seal(self, name: str) -> Sealing:
        """`name` is where the file is kept: it can only be opened under the same one."""

    @abstractmethod
    def open(self, name: str, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The bytes that were sealed; raises `Damaged` before it hands out any that are not, and at a cut-off end."""

    @abstractmethod
    def sealed_size(self, size: int) -> int:
        """How long a file of so many bytes becomes."""


class Ciphers(Protocol):
    """How a place for backups is sealed: decided when it is begun, and noted there in words that anybody may read."""

    @abstractmethod
    def begin(self) -> tuple[dict[str, str], Cipher]:
        """A new place: the note, and the cipher that belongs to it."""

    @abstractmethod
    def resume(self, note: dict[str, str]) -> Cipher:
        """A place that was begun. Raises `BackupRefused` where the key is missing or is another one."""
