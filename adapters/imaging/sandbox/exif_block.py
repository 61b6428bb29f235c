"""A new EXIF block that says how a picture stands and when it was taken, and nothing else."""

import struct

from adapters.imaging.sandbox.exif import Exif
from adapters.imaging.wire import Taken

_ORIENTATION, _EXIF_IFD = 0x0112, 0x8769
_ORIGINAL, _OFFSET_ORIGINAL, _SUBSEC_ORIGINAL = 0x9003, 0x9011, 0x9291
_ASCII, _SHORT, _LONG = 2, 3, 4
_HEADER = b"MM\0*\0\0\0\x08"


def exif_block(exif: Exif) -> bytes:
    """A TIFF header and its directories; empty where there is nothing to say."""
    dates = _dates(exif.taken[0]) if exif.taken else []
    entries = [] if exif.orientation == 1 else [(_ORIENTATION, _SHORT, struct.pack(">H", exif.orientation))]
    if not dates:
        return _HEADER + _directory(entries, len(_HEADER)) if entries else b""
    length = len(_directory([*entries, (_EXIF_IFD, _LONG, bytes(4))], 0))
    entries.append((_EXIF_IFD, _LONG, struct.pack(">I", len(_HEADER) + length)))
    return _HEADER + _directory(entries, len(_HEADER)) + _directory(dates, len(_HEADER) + length)


def _dates(taken: Taken) -> list[tuple[int, int, bytes]]:
    entries = [(_ORIGINAL, _ASCII, f"{taken.at:%Y:%m:%d %H:%M:%S}".encode() + b"\0")]
    if taken.offset_minutes is not None:
        hours, minutes = divmod(abs(taken.offset_minutes), 60)
        sign = "-" if taken.offset_minutes < 0 else "+"
        entries.append((_OFFSET_ORIGINAL, _ASCII, f"{sign}{hours:02}:{minutes:02}\0".encode()))
    if taken.at.microsecond:
        entries.append((_SUBSEC_ORIGINAL, _ASCII, f"{taken.at.microsecond:06}".rstrip("0").encode() + b"\0"))
    return entries


def _directory(entries: list[tuple[int, int, bytes]], at: int) -> bytes:
    """As it stands `at` that many bytes behind the TIFF header."""
    table, values = struct.pack(">H", len(entries)), b""
    behind = at + 2 + 12 * len(entries) + 4
    for tag, kind, value in entries:
        count = len(value) if kind == _ASCII else 1
        if len(value) <= 4:
            field = value.ljust(4, b"\0")
        else:
            field = struct.pack(">I", behind + len(values))
            values += value + bytes(len(value) % 2)
        table += struct.pack(">HHI", tag, kind, count) + field
    return table + bytes(4) + values
