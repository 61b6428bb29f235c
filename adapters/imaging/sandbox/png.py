"""PNG pictures with more metadata than Pillow puts up with."""

from collections.abc import Callable
from typing import BinaryIO, cast

from PIL import PngImagePlugin


class ForgivingStream(PngImagePlugin.PngStream):
    """Leaves out texts and profiles that unpack to too much, instead of giving up on the picture."""

    def chunk_iCCP(self, pos: int, length: int) -> bytes:  # noqa: N802 - Pillow finds it by the chunk's name
        return self._or_skipped(super().chunk_iCCP, pos, length)

    def chunk_tEXt(self, pos: int, length: int) -> bytes:  # noqa: N802
        return self._or_skipped(super().chunk_tEXt, pos, length)

    def chunk_zTXt(self, pos: int, length: int) -> bytes:  # noqa: N802
        return self._or_skipped(super().chunk_zTXt, pos, length)

    def chunk_iTXt(self, pos: int, length: int) -> bytes:  # noqa: N802
        return self._or_skipped(super().chunk_iTXt, pos, length)

    def _or_skipped(self, read: Callable[[int, int], bytes], pos: int, length: int) -> bytes:
        file = cast(BinaryIO, self.fp)
        start = file.tell()
        try:
            return read(pos, length)
        except ValueError:
            file.seek(start)
            return file.read(length)


def forgive() -> None:
    PngImagePlugin.PngStream = ForgivingStream  # type: ignore[misc]
