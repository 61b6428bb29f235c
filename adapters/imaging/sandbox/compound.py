"""OLE2 compound files: which Office 97 document one holds, by the names in its directory."""

import struct

from adapters.imaging.sandbox.content import Content
from adapters.imaging.sandbox.refusal import damaged
from domain import filetypes

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_UNKNOWN = "application/x-ole-storage"
_MAX_SECTORS = 200
_END = 0xFFFFFFFA
"""Sector numbers from here on are marks, not sectors."""


def compound_type(content: Content) -> str:
    """Word and Excel are told by their main stream; anything else (an encrypted package, a message) is unknown."""
    names = _stream_names(content)
    if "WordDocument" in names:
        return filetypes.DOC.mime
    if names & {"Workbook", "Book"}:
        return filetypes.XLS.mime
    return _UNKNOWN


def _stream_names(content: Content) -> set[str]:
    header = content.read(0, 512)
    if len(header) < 512:
        raise damaged("Office document")
    shift = struct.unpack_from("<H", header, 30)[0]
    if shift not in (9, 12):
        raise damaged("Office document")
    names: set[str] = set()
    for sector in _directory(content, header, 1 << shift):
        for at in range(0, len(sector) - 127, 128):
            names.add(_name(sector[at : at + 128]))
    return names


def _directory(content: Content, header: bytes, size: int) -> list[bytes]:
    table = struct.unpack_from("<109I", header, 76)
    sectors: list[bytes] = []
    number = struct.unpack_from("<I", header, 48)[0]
    while number < _END and len(sectors) < _MAX_SECTORS:
        sector = content.read((number + 1) * size, size)
        if not sector:
            raise damaged("Office document")
        sectors.append(sector)
        number = _next(content, table, number, size)
    return sectors


def _next(content: Content, table: tuple[int, ...], number: int, size: int) -> int:
    block, at = divmod(number, size // 4)
    if block >= len(table) or table[block] >= _END:
        return _END
    entry = content.read((table[block] + 1) * size + at * 4, 4)
    return int.from_bytes(entry, "little") if len(entry) == 4 else _END


def _name(entry: bytes) -> str:
    length = struct.unpack_from("<H", entry, 64)[0]
    return entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
