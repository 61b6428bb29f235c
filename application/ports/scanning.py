"""Having files looked into for malware."""

from abc import abstractmethod
from enum import StrEnum
from typing import NamedTuple, Protocol

from application.ports.inspecting import Source


class Verdict(StrEnum):
    CLEAN = "clean"
    """All of the file was looked into, and nothing was found."""
    INFECTED = "infected"
    UNSCANNED = "unscanned"
    """Nobody looked: there is no scanner."""
    TOO_LARGE = "too_large"
    """It, or what it unpacks to, is over what the scanner looks into; asking again gives the same."""


class Scanned(NamedTuple):
    """`name` is what an infected file has, as the scanner calls it: 1 to 100 characters A-Z a-z 0-9 . _ : -"""

    verdict: Verdict
    name: str | None = None


class Scanner(Protocol):
    @abstractmethod
    async def scan(self, source: Source) -> Scanned:
        """Look into a whole file; never CLEAN unless it was. Raises `Unavailable` when there is no sure answer."""

    @abstractmethod
    async def check(self) -> None:
        """Raise `Unavailable` with a reason for operators unless files can be scanned now."""
