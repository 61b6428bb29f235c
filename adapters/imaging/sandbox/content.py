"""The bytes of the file that is looked into."""

import io
import os
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO

HEAD_BYTES = 4096


@dataclass(frozen=True)
class Content:
    """A file by its path, or its bytes."""

    path: str | None
    data: bytes | None

    def open(self) -> BinaryIO:
        """A new reader at the start."""
        return io.BytesIO(self.data or b"") if self.path is None else open(self.path, "rb")

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
