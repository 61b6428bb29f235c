"""The records of a ZIP file (PKWARE APPNOTE 6.3): stored members whose size and CRC-32 are known beforehand."""

import struct
from datetime import datetime

from application.ports.archives import Member

_MAX16, _MAX32 = 0xFFFF, 0xFFFFFFFF
_UTF8 = 0x0800
_PLAIN, _ZIP64 = 20, 45
"""Versions needed to extract."""
_MADE_BY_UNIX = 3 << 8 | _ZIP64
_REGULAR_FILE = 0o100644 << 16


def local_header(member: Member) -> bytes:
    name, is_large = member.name.encode(), member.size >= _MAX32
    extra = struct.pack("<HHQQ", 1, 16, member.size, member.size) if is_large else b""
    size = _MAX32 if is_large else member.size
    return (
        struct.pack(
            "<4s5H3I2H",
            b"PK\x03\x04",
            _ZIP64 if is_large else _PLAIN,
            _UTF8,
            0,
            *_dos(member.modified),
            member.crc32,
            size,
            size,
            len(name),
            len(extra),
        )
        + name
        + extra
    )


def central_header(member: Member, offset: int) -> bytes:
    name = member.name.encode()
    large = [value for value in (member.size, member.size, offset) if value >= _MAX32]
    extra = struct.pack(f"<HH{len(large)}Q", 1, 8 * len(large), *large) if large else b""
    size = min(member.size, _MAX32)
    return (
        struct.pack(
            "<4s6H3I5H2I",
            b"PK\x01\x02",
            _MADE_BY_UNIX,
            _ZIP64 if large else _PLAIN,
            _UTF8,
            0,
            *_dos(member.modified),
            member.crc32,
            size,
            size,
            len(name),
            len(extra),
            0,
            0,
            0,
            _REGULAR_FILE,
            min(offset, _MAX32),
        )
        + name
        + extra
    )


def end_of_directory(count: int, size: int, offset: int) -> bytes:
    """What closes the file; `size` and `offset` are those of the central directory."""
    end = struct.pack(
        "<4s4H2IH",
        b"PK\x05\x06",
        0,
        0,
        min(count, _MAX16),
        min(count, _MAX16),
        min(size, _MAX32),
        min(offset, _MAX32),
        0,
    )
    if count < _MAX16 and size < _MAX32 and offset < _MAX32:
        return end
    large = struct.pack("<4sQ2H2I4Q", b"PK\x06\x06", 44, _MADE_BY_UNIX, _ZIP64, 0, 0, count, count, size, offset)
    return large + struct.pack("<4sIQI", b"PK\x06\x07", 0, offset + size, 1) + end


def _dos(at: datetime) -> tuple[int, int]:
    """Time and date in MS-DOS form, which begins in 1980 and counts two seconds."""
    at = max(at.replace(tzinfo=None), datetime(1980, 1, 1))  # noqa: DTZ001 - the format has no zone
    return at.hour << 11 | at.minute << 5 | at.second // 2, (at.year - 1980) << 9 | at.month << 5 | at.day
