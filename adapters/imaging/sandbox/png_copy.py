"""PNG: a signature and a row of chunks."""

import zlib

from adapters.imaging.sandbox.copying import Pieces, Unsure, kept, put

_SIGNATURE = 8
_OF_THE_PICTURE = {
    *(b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"hIST", b"pHYs", b"sPLT"),
    *(b"cICP", b"mDCV", b"cLLI", b"acTL", b"fcTL", b"fdAT"),
}
"""Of the chunks that a reader may leave out; those that it may not begin with a capital letter."""


def pieces_of(data: bytes, exif: bytes) -> Pieces:
    pieces, at = [kept(0, _SIGNATURE)], _SIGNATURE
    while True:
        name, stop = data[at + 4 : at + 8], at + 12 + int.from_bytes(data[at : at + 4], "big")
        if len(name) < 4 or stop > len(data):
            raise Unsure
        if name[:1].isupper() or name in _OF_THE_PICTURE:
            pieces.append(kept(at, stop))
        if name == b"IHDR" and exif:
            content = b"eXIf" + exif
            pieces.append(put(len(exif).to_bytes(4, "big") + content + zlib.crc32(content).to_bytes(4, "big")))
        if name == b"IEND":
            return pieces
        at = stop
