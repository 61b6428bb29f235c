"""GIF: a screen, and blocks of which those of applications and comments can be left out."""

from adapters.imaging.sandbox.copying import Pieces, Unsure, kept, put

_SCREEN = 13
_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_COMMENT, _APPLICATION = 0xFE, 0xFF
_OF_THE_PICTURE = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")


def pieces_of(data: bytes, _: bytes) -> Pieces:
    """It has no place for EXIF."""
    at = _SCREEN + _table(data, 10)
    pieces = [kept(0, at)]
    while True:
        kind = data[at]
        if kind == _TRAILER:
            return [*pieces, put(b";")]
        if kind == _EXTENSION:
            label, stop = data[at + 1], _blocks_end(data, at + 2)
            is_foreign = label == _APPLICATION and data[at + 3 : at + 14] not in _OF_THE_PICTURE
            if label != _COMMENT and not is_foreign:
                pieces.append(kept(at, stop))
        elif kind == _IMAGE:
            stop = _blocks_end(data, at + 10 + _table(data, at + 9) + 1)
            pieces.append(kept(at, stop))
        else:
            raise Unsure
        at = stop


def _table(data: bytes, flags_at: int) -> int:
    """Bytes of the colour table that the flags tell of."""
    flags = data[flags_at]
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _blocks_end(data: bytes, at: int) -> int:
    """Behind a row of blocks, each with its length in front, of which the last is empty."""
    while data[at]:
        at += 1 + data[at]
    return at + 1
