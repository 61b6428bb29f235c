"""The few EXIF tags that are wanted, read so that broken metadata costs nothing but itself.

Only three directories are visited, each at most once and with a bounded number of entries, so loops and absurd
offsets end by themselves.
"""

import re
import struct
from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from adapters.imaging.wire import Taken

ReadAt: TypeAlias = Callable[[int, int], bytes]
"""(offset, count) → up to count bytes, as counted from the TIFF header."""

_ORIENTATION, _DATE_TIME, _EXIF_IFD = 0x0112, 0x0132, 0x8769
_ORIGINAL, _DIGITIZED = 0x9003, 0x9004
_OFFSET, _OFFSET_ORIGINAL, _OFFSET_DIGITIZED = 0x9010, 0x9011, 0x9012
_SUBSEC, _SUBSEC_ORIGINAL, _SUBSEC_DIGITIZED = 0x9290, 0x9291, 0x9292

_MAX_ENTRIES = 1000
_MAX_TEXT = 64
_ASCII, _SHORT, _LONG, _IFD = 2, 3, 4, 13
_SIZES = {1: 1, _ASCII: 1, _SHORT: 2, _LONG: 4, 6: 1, 7: 1, 8: 2, 9: 4, _IFD: 4}

_Tags: TypeAlias = dict[int, bytes | int]
_DIGITS = re.compile("[0-9]{4}")


class Exif:
    """The orientation (1 to 8) and the dates of one picture."""

    def __init__(self, read: ReadAt) -> None:
        main, detail = _read_tags(read)
        orientation = main.get(_ORIENTATION, 1)
        self.orientation = orientation if isinstance(orientation, int) and 1 <= orientation <= 8 else 1
        stated = (
            _taken(detail.get(_ORIGINAL), detail.get(_SUBSEC_ORIGINAL), detail.get(_OFFSET_ORIGINAL)),
            _taken(detail.get(_DIGITIZED), detail.get(_SUBSEC_DIGITIZED), detail.get(_OFFSET_DIGITIZED)),
            _taken(main.get(_DATE_TIME), detail.get(_SUBSEC), detail.get(_OFFSET)),
        )
        self.taken = tuple(date for date in stated if date is not None)


def exif_of(block: bytes) -> Exif:
    """From the bytes of an EXIF block, with or without its "Exif" marker."""
    at = 6 if block.startswith(b"Exif\0") else 0
    return Exif(lambda offset, count: block[at + offset : at + offset + count])


def _read_tags(read: ReadAt) -> tuple[_Tags, _Tags]:
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(read(0, 4))
    if order is None:
        return {}, {}
    main: _Tags = {}
    try:
        main = _directory(read, order, struct.unpack(order + "I", read(4, 4))[0])
        pointer = main.get(_EXIF_IFD)
        return main, _directory(read, order, pointer) if isinstance(pointer, int) else {}
    except struct.error:
        return main, {}


def _directory(read: ReadAt, order: str, offset: int) -> _Tags:
    (count,) = struct.unpack(order + "H", read(offset, 2))
    entries = read(offset + 2, 12 * min(count, _MAX_ENTRIES))
    tags: _Tags = {}
    for at in range(0, len(entries) - 11, 12):
        tag, kind, number, value = struct.unpack(order + "HHI4s", entries[at : at + 12])
        if tag in _WANTED and tag not in tags:
            found = _value(read, order, kind, number, value)
            if found is not None:
                tags[tag] = found
    return tags


_WANTED = frozenset(
    {
        _ORIENTATION,
        _DATE_TIME,
        _EXIF_IFD,
        _ORIGINAL,
        _DIGITIZED,
        _OFFSET,
        _OFFSET_ORIGINAL,
        _OFFSET_DIGITIZED,
        _SUBSEC,
        _SUBSEC_ORIGINAL,
        _SUBSEC_DIGITIZED,
    }
)


def _value(read: ReadAt, order: str, kind: int, number: int, value: bytes) -> bytes | int | None:
    size = _SIZES.get(kind)
    if size is None or number == 0:
        return None
    if kind in (_SHORT, 8):
        return int(struct.unpack(order + "H", value[:2])[0])
    if kind in (_LONG, 9, _IFD):
        return int(struct.unpack(order + "I", value)[0])
    if number > 4:
        return read(struct.unpack(order + "I", value)[0], min(number, _MAX_TEXT))
    return value[:number]


def _taken(date: bytes | int | None, subsec: bytes | int | None, offset: bytes | int | None) -> Taken | None:
    at = _moment(_text(date))
    if at is None:
        return None
    digits = _text(subsec)
    if digits.isascii() and digits.isdigit():
        at = at.replace(microsecond=int(digits[:6].ljust(6, "0")))
    return Taken(at, _minutes(_text(offset)))


def _text(value: bytes | int | None) -> str:
    if not isinstance(value, bytes):
        return ""
    return value.partition(b"\0")[0].decode("latin-1").strip()


def _moment(text: str) -> datetime | None:
    """``YYYY:MM:DD HH:MM:SS`` and nothing else, but for the dashes some software writes."""
    try:
        return datetime.strptime(text.replace("-", ":", 2), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - the offset is elsewhere, or nowhere
    except ValueError:
        return None


def _minutes(text: str) -> int | None:
    """Of ``+HH:MM``; None for anything that is no offset on earth."""
    sign, hours, colon, minutes = text[:1], text[1:3], text[3:4], text[4:]
    if sign not in ("+", "-") or colon != ":" or not _DIGITS.fullmatch(hours + minutes):
        return None
    total = int(hours) * 60 + int(minutes)
    return None if total > 14 * 60 or int(minutes) > 59 else int(sign + str(total))
