"""JPEG: a row of segments, entropy-coded data, an end; and whatever somebody put behind it."""

import re
from collections.abc import Iterator

from adapters.imaging.sandbox.copying import Pieces, Unsure, kept, put

_TEM, _SOI, _EOI, _SOS, _COM = 0x01, 0xD8, 0xD9, 0xDA, 0xFE
_APP0, _APP2, _APP14, _APP15 = 0xE0, 0xE2, 0xEE, 0xEF
_MARKER = re.compile(rb"\xff+([^\x00\xd0-\xd7\xff])", re.DOTALL)
_JFIF_BYTES = 14
"""Behind the length: a JFIF header without its thumbnail."""


def pieces_of(data: bytes, exif: bytes) -> Pieces:
    """Up to the end of the first picture: further ones (previews, depth, film) are not part of it."""
    if data[:2] != b"\xff\xd8":
        raise Unsure
    pieces = [put(b"\xff\xd8"), *_exif_segment(exif)]
    for marker, at, stop in _segments(data):
        pieces += _segment(data, marker, at, stop)
    return [*pieces, put(b"\xff\xd9")]


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Each marker up to the end, with the bytes that belong to it: its length, its content, what is coded behind it."""
    marker, at = _marker(data, 2)
    while marker != _EOI:
        stop = at if marker == _TEM else at + int.from_bytes(data[at : at + 2], "big")
        if stop > len(data) or marker == _SOI or 0 < stop - at < 2:
            raise Unsure
        following, behind = _marker(data, stop)
        if marker == _SOS:
            stop = behind - 2
        yield marker, at, stop
        marker, at = following, behind


def _marker(data: bytes, at: int) -> tuple[int, int]:
    """The next one, and where it ends."""
    found = _MARKER.search(data, at)
    if found is None:
        raise Unsure
    return found.group(1)[0], found.end()


def _segment(data: bytes, marker: int, at: int, stop: int) -> Pieces:
    """`at` is behind the marker, where the length stands."""
    content = data[at + 2 : stop] if _APP0 <= marker <= _APP15 else b""
    if marker == _APP0 and content.startswith(b"JFIF\0") and len(content) >= _JFIF_BYTES:
        return [put(b"\xff\xe0" + (2 + _JFIF_BYTES).to_bytes(2, "big") + content[: _JFIF_BYTES - 2] + bytes(2))]
    is_profile = marker == _APP2 and content.startswith(b"ICC_PROFILE\0")
    is_colour = marker == _APP14 and content.startswith(b"Adobe")
    if marker != _COM and (not _APP0 <= marker <= _APP15 or is_profile or is_colour):
        return [put(bytes((0xFF, marker))), kept(at, stop)]
    return []


def _exif_segment(exif: bytes) -> Pieces:
    if not exif:
        return []
    content = b"Exif\0\0" + exif
    return [put(b"\xff\xe1" + (2 + len(content)).to_bytes(2, "big") + content)]
