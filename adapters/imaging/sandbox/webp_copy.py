"""WebP: chunks in a RIFF container."""

from adapters.imaging.sandbox.copying import Pieces, Unsure, kept, put

_HEADER = 12
_OF_THE_PICTURE = {b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"}
_EXIF_FLAG, _XMP_FLAG = 0x08, 0x04


def pieces_of(data: bytes, exif: bytes) -> Pieces:
    pieces: Pieces = []
    at, end = _HEADER, min(len(data), 8 + int.from_bytes(data[4:8], "little"))
    is_extended = data[_HEADER : _HEADER + 4] == b"VP8X"
    while at + 8 <= end:
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        stop = at + 8 + size
        if stop > len(data):
            raise Unsure
        if name == b"VP8X":
            flags = data[at + 8] & ~(_EXIF_FLAG | _XMP_FLAG) | (_EXIF_FLAG if exif else 0)
            pieces += [kept(at, at + 8), put(bytes((flags,))), kept(at + 9, stop)]
        elif name in _OF_THE_PICTURE:
            pieces += [kept(at, stop), put(bytes(size % 2))]
        at = stop + size % 2
    # A simple file has no place for it, and none was in it
    if exif and is_extended:
        pieces.append(put(b"EXIF" + len(exif).to_bytes(4, "little") + exif + bytes(len(exif) % 2)))
    size = sum(piece.stop - piece.start + len(piece.data) for piece in pieces)
    return [put(b"RIFF" + (4 + size).to_bytes(4, "little") + b"WEBP"), *pieces]
