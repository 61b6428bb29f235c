"""HEIC: boxes, and items that point into them. A copy is as long as the original, so that what they point at stays
where it is: the items that are no pictures are emptied where they lie, and whatever no item points at is zeros."""

from collections.abc import Iterator
from typing import NamedTuple

from adapters.imaging.sandbox.copying import Pieces, Unsure, without, woven

_NOT_PICTURES = {b"Exif", b"mime", b"uri "}
_KEPT_WHOLE = {b"ftyp", b"meta"}


class _Box(NamedTuple):
    name: bytes
    begin: int
    start: int
    """Of its content."""
    stop: int


class _Extent(NamedTuple):
    start: int
    stop: int
    item: int


def pieces_of(data: bytes, exif: bytes) -> Pieces:
    boxes = list(_boxes(data, 0, len(data)))
    (meta,) = (box for box in boxes if box.name == b"meta")
    if any(box.name == b"moov" for box in boxes):
        raise Unsure  # films are something else
    parts = {box.name: box for box in _boxes(data, meta.start + 4, meta.stop)}
    kinds = _kinds(data, parts[b"iinf"])
    pictures: list[_Extent] = []
    foreign: list[_Extent] = []
    for extent in _extents(data, parts[b"iloc"], parts.get(b"idat")):
        (foreign if kinds[extent.item] in _NOT_PICTURES else pictures).append(extent)
    structure = [(box.begin, box.stop if box.name in _KEPT_WHOLE else box.start) for box in boxes]
    holes = [(extent.start, extent.stop) for extent in foreign]
    return woven(
        len(data),
        [*without(structure, holes), *((extent.start, extent.stop) for extent in pictures)],
        [(extent.start, _emptied(kinds[extent.item], extent, exif)) for extent in foreign],
    )


def _emptied(kind: bytes, extent: _Extent, exif: bytes) -> bytes:
    count = extent.stop - extent.start
    if kind == b"Exif":
        content = bytes(4) + (exif or b"MM\0*\0\0\0\x08\0\0\0\0\0\0")
        return content.ljust(count, b"\0") if len(content) <= count else bytes(count)
    return b" " * count


def _boxes(data: bytes, at: int, end: int) -> Iterator[_Box]:
    while at < end:
        size, header = int.from_bytes(data[at : at + 4], "big"), 8
        if size == 1:
            size, header = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = end - at
        if size < header or at + size > end:
            raise Unsure
        yield _Box(data[at + 4 : at + 8], at, at + header, at + size)
        at += size


def _kinds(data: bytes, box: _Box) -> dict[int, bytes]:
    """What each item is."""
    kinds = {}
    behind = 6 if data[box.start] == 0 else 8
    for entry in _boxes(data, box.start + behind, box.stop):
        version, at = data[entry.start], entry.start + 4
        if version not in (2, 3):
            raise Unsure
        width = 2 if version == 2 else 4
        item = int.from_bytes(data[at : at + width], "big")
        kinds[item] = data[at + width + 2 : at + width + 6]
    return kinds


def _extents(data: bytes, box: _Box, idat: _Box | None) -> Iterator[_Extent]:
    """Where each item lies. Raises `Unsure` for items that are made of other items' bytes."""
    at = box.start

    def number(width: int) -> int:
        nonlocal at
        at += width
        if at > box.stop:
            raise Unsure
        return int.from_bytes(data[at - width : at], "big")

    version = number(1)
    number(3)
    sizes = number(2)
    offset, length, base, index = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    wide = 2 if version < 2 else 4
    for _ in range(number(wide)):
        item = number(wide)
        method = number(2) & 15 if version else 0
        number(2)
        origin = number(base)
        if method > 1 or (method == 1 and idat is None):
            raise Unsure
        if method == 1 and idat is not None:
            origin += idat.start
        for _ in range(number(2)):
            number(index if version else 0)
            start = origin + number(offset)
            count = number(length)
            if not count or start + count > len(data):
                raise Unsure
            yield _Extent(start, start + count, item)
