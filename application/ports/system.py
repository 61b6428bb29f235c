"""Time and identity, which the domain must be given."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    @abstractmethod
    def __call__(self) -> datetime:
        """Now, aware, in UTC."""


class NewId(Protocol):
    @abstractmethod
    def __call__(self) -> str:
        """A new UUIDv7 in canonical text form; later ones sort after earlier ones of the same process."""
