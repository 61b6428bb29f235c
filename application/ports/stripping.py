"""Copies of pictures without what they tell beside the picture."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from application.ports.inspecting import Source


class Piece(NamedTuple):
    """Of a copy: bytes of the original from `start` up to but not including `stop`; where those are equal, `data`."""

    start: int
    stop: int
    data: bytes = b""

    @property
    def size(self) -> int:
        return self.stop - self.start + len(self.data)


class MetadataStripper(Protocol):
    @abstractmethod
    async def strip(self, source: Source, mime: str) -> Sequence[Piece]:
        """What a copy of a stored picture is put together of, in the order of the original.

        Its pixels are those of the original, bit for bit; orientation, colour profile and the date it was taken stay;
        position, names, serial numbers, comments, previews and what is hidden behind the picture do not. `mime` is one
        of `STRIPPED`. Raises `Unreadable` where it cannot be done for sure, `Unavailable` when no helper could be
        asked.
        """


STRIPPED = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "image/tiff", "image/heic"})
PLAIN = frozenset({"image/bmp"})
"""Types that have no place for metadata."""
