"""Looking into files: what their bytes are, what they say, and the pictures made of them."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeAlias

from domain.media import MediaFacts

Source: TypeAlias = Path | bytes
"""A file on this machine, or its bytes where the storage is memory."""

RECIPE = 1
"""Version of how derivatives are made; raise it and old ones are made anew."""


@dataclass(frozen=True, slots=True)
class Derivatives:
    """Upright JPEGs in sRGB without any metadata, and a ThumbHash placeholder (base64)."""

    thumb: bytes
    medium: bytes
    placeholder: str | None = None


@dataclass(frozen=True, slots=True)
class Inspected:
    """`mime` is canonical, as in `domain.filetypes`, and None for bytes of no accepted kind."""

    mime: str | None
    facts: MediaFacts = MediaFacts()
    derivatives: Derivatives | None = None
    fault: str | None = None
    """Why no derivatives could be made of a picture although the file itself is sound (a helper crashed or ran out of
    time or memory on this machine); the upload is kept and the worker tries again."""


class FileInspector(Protocol):
    """Decides by the bytes. Nothing a file contains may harm or block the caller, or reach the network."""

    @abstractmethod
    async def inspect(self, source: Source, *, filename: str, now: datetime) -> Inspected:
        """Sniff, validate, read the facts and make both derivatives, in one pass over the file.

        `filename` only tells members of the text family apart. Raises `Unreadable` for bytes of an accepted kind that
        are empty, damaged or over a decoding limit (its `detail` says which, and holds nothing from the file), and
        `Unavailable` when no helper could be started.
        """

    @abstractmethod
    async def close(self) -> None:
        """Stop the helpers. Calls under way end with `Unavailable`."""
