"""Whether a picture says where it was taken."""

import struct
from pathlib import Path

_GPS_IFD, _LATITUDE = 0x8825, 2
_HEAD = 256 * 1024


def tells_position(path: Path) -> bool:
    """By the EXIF data near its beginning; False for whatever cannot be read."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
        start = head.index(b"Exif\x00\x00") + 6 if not head.startswith((b"II*\x00", b"MM\x00*")) else 0
        return _has_position(head[start:])
    except (OSError, ValueError, struct.error):
        return False


def _has_position(tiff: bytes) -> bool:
    order = "<" if tiff.startswith(b"II") else ">"
    (first,) = struct.unpack_from(f"{order}I", tiff, 4)
    gps = _entries(tiff, order, first).get(_GPS_IFD)
    return gps is not None and _LATITUDE in _entries(tiff, order, gps)


def _entries(tiff: bytes, order: str, at: int) -> dict[int, int]:
    """An image file directory: what each tag holds, or where."""
    (count,) = struct.unpack_from(f"{order}H", tiff, at)
    entries = (struct.unpack_from(f"{order}HHII", tiff, at + 2 + 12 * number) for number in range(count))
    return {tag: value for tag, _, _, value in entries}
