"""The bytes of the file that is looked into."""

import io
import os
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO

HEAD_BYTES = 4096


class Bounded(io.BufferedReader):
    """Reads at most what is left of `size` bytes."""

    def __init__(self, raw: io.RawIOBase, size: int) -> None:
        super().__init__(raw)
        self._size = size

    def read(self, count: int | None = -1, /) -> bytes:
        left = max(0, self._size - self.tell())
        return super().read(left if count is None or count < 0 else min(count, left))


@dataclass(frozen=True)
class Content:
    """A file by its path, or its bytes."""

    path: str | None
    data: bytes | None

    def open(self) -> BinaryIO:
        """A new reader at the start."""
        return io.BytesIO(self.data or b"") if self.path is None else open(self.path, "rb")

    def open_bounded(self) -> BinaryIO:
        """A new reader at the start that takes no notice of being asked for more than there is.

        A plain one sets aside as much memory as it is asked for, and parsers ask for as much as a file claims.
        """
        return io.BytesIO(self.data or b"") if self.path is None else Bounded(io.FileIO(self.path), self.size)

    @cached_property
    def size(self) -> int:
        return len(self.data or b"") if self.path is None else os.stat(self.path).st_size

    @cached_property
    def head(self) -> bytes:
        return self.read(0, HEAD_BYTES)

    def read(self, offset: int, count: int) -> bytes:
        """Up to `count` bytes from `offset`; fewer at the end of the file."""
        with self.open() as file:
            file.seek(offset)
            return file.read(count)
