"""Many files as one, made while it is sent."""

from abc import abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

Opened = Callable[[int, int], Awaitable[AsyncIterator[bytes]]]


class Member(NamedTuple):
    """A file to be put in: its path inside with "/" between folders, bytes, CRC-32 of the whole, and how to read from
    `start` up to but not including `stop`."""

    name: str
    size: int
    crc32: int
    modified: datetime
    open: Opened


class Archive(Protocol):
    """Its bytes are the same each time, so a part of it may be asked for."""

    size: int

    @abstractmethod
    def read(self, start: int, stop: int) -> AsyncIterator[bytes]:
        """From `start` up to but not including `stop`, in memory that does not grow with the size of the files.

        Raises when a member turns out not to have the bytes it promised: better cut off than wrong.
        """


class Archiver(Protocol):
    @abstractmethod
    def __call__(self, members: Sequence[Member]) -> Archive: ...
