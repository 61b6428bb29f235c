"""TIFF: directories that point all over the file. A copy is as long as the original, so that what they point at stays
where it is; whatever nobody points at any more is zeros."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from adapters.imaging.sandbox.copying import Pieces, Unsure, woven

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_STRIPS, _STRIP_BYTES, _TILES, _TILE_BYTES = 273, 279, 324, 325
_OLD_JPEG, _OLD_JPEG_BYTES, _EXIF_IFD = 513, 514, 34665
_POINTING = {_STRIPS: _STRIP_BYTES, _TILES: _TILE_BYTES, _OLD_JPEG: _OLD_JPEG_BYTES}

_OF_THE_PICTURE = {
    *(254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, 274, 277, 278, 279, 280, 281, 282, 283, 284),
    *(290, 291, 292, 293, 296, 297, 301, 306, 317, 318, 319, 320, 321, 322, 323, 324, 325),
    *(332, 334, 336, 338, 339, 340, 341, 342, 347, 512, 513, 514, 515, 529, 530, 531, 532, 34675),
}
"""How the pixels are laid out and coloured, and when the file was changed."""

_OF_THE_DATE = {0x9003, 0x9004, 0x9010, 0x9011, 0x9012, 0x9290, 0x9291, 0x9292}
_MAX_PAGES = 10_000


@dataclass(slots=True)
class _Plan:
    """What of the file the copy has as it is, and what it has rewritten."""

    data: bytes
    order: str
    spans: list[tuple[int, int]] = field(default_factory=list)
    texts: list[tuple[int, bytes]] = field(default_factory=list)

    def keep(self, start: int, count: int) -> None:
        if start + count > len(self.data):
            raise Unsure
        self.spans.append((start, start + count))

    def number(self, kind: str, at: int) -> int:
        return int(struct.unpack_from(self.order + kind, self.data, at)[0])


def pieces_of(data: bytes, _: bytes) -> Pieces:
    """Its dates and its orientation are where they were."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(data[:4])
    if order is None:
        raise Unsure  # the large kind of TIFF
    plan = _Plan(data, order)
    plan.keep(0, 8)
    at, seen = plan.number("I", 4), set[int]()
    while at and at not in seen and len(seen) < _MAX_PAGES:
        seen.add(at)
        at = _directory(plan, at, _OF_THE_PICTURE | {_EXIF_IFD})
    return woven(len(data), plan.spans, plan.texts)


def _directory(plan: _Plan, at: int, wanted: set[int]) -> int:
    """Keep what is wanted of a directory; where the next one is, 0 for none."""
    entries = {}
    count = plan.number("H", at)
    for place in range(at + 2, at + 2 + 12 * count, 12):
        tag = plan.number("H", place)
        if tag in wanted and tag not in entries:
            entries[tag] = place
    for tag, place in entries.items():
        _value(plan, tag, place)
    for tag, lengths in _POINTING.items():
        if tag in entries:
            _pointed_at(plan, entries[tag], entries.get(lengths))
    following = plan.number("I", at + 2 + 12 * count)
    table = b"".join(plan.data[place : place + 12] for place in entries.values())
    text = struct.pack(plan.order + "H", len(entries)) + table + struct.pack(plan.order + "I", following)
    plan.texts.append((at, text.ljust(2 + 12 * count + 4, b"\0")))
    return following


def _value(plan: _Plan, tag: int, place: int) -> None:
    if tag == _EXIF_IFD:
        _directory(plan, plan.number("I", place + 8), _OF_THE_DATE)
        return
    size = _SIZES[plan.number("H", place + 2)] * plan.number("I", place + 4)
    if size > 4:
        plan.keep(plan.number("I", place + 8), size)


def _pointed_at(plan: _Plan, starts: int, lengths: int | None) -> None:
    if lengths is None:
        raise Unsure
    for start, count in zip(_numbers(plan, starts), _numbers(plan, lengths), strict=True):
        plan.keep(start, min(count, max(0, len(plan.data) - start)))


def _numbers(plan: _Plan, place: int) -> Iterator[int]:
    kind, count = plan.number("H", place + 2), plan.number("I", place + 4)
    letter = {3: "H", 4: "I"}[kind]
    size = struct.calcsize(letter)
    at = place + 8 if size * count <= 4 else plan.number("I", place + 8)
    if at + size * count > len(plan.data):
        raise Unsure
    yield from struct.unpack_from(f"{plan.order}{count}{letter}", plan.data, at)
