"""Which bytes of a picture make up a copy of it without what it tells besides: where, whose, by which camera.

Nothing is decoded or encoded anew, so the pixels are those of the original. What is not known to belong to the picture
stays out. Orientation, colour profile and the date it was taken stay.
"""

from collections.abc import Callable
from typing import TypeAlias

from adapters.imaging import wire
from adapters.imaging.sandbox import gif_copy, jpeg_copy, png_copy, tiff_copy, webp_copy
from adapters.imaging.sandbox.content import Content
from adapters.imaging.sandbox.copying import Pieces
from adapters.imaging.sandbox.exif import Exif
from adapters.imaging.sandbox.exif_block import exif_block
from adapters.imaging.sandbox.refusal import Refusal
from domain import filetypes

Copy: TypeAlias = Callable[[bytes, bytes], Pieces]
"""(file, EXIF block for the copy) → its pieces. Raises `Unsure`."""

_COPIES: dict[str, Copy] = {
    filetypes.JPEG.mime: jpeg_copy.pieces_of,
    filetypes.PNG.mime: png_copy.pieces_of,
    filetypes.WEBP.mime: webp_copy.pieces_of,
    filetypes.GIF.mime: gif_copy.pieces_of,
    filetypes.TIFF.mime: tiff_copy.pieces_of,
}


def strip(content: Content, mime: str) -> wire.Copied:
    """Raises `Refusal` where it cannot be done, or not for sure."""
    try:
        exif = _exif(content, mime)
        data = content.read(0, content.size)
        if mime == filetypes.HEIC.mime:
            from adapters.imaging.sandbox import heif_copy

            pieces = heif_copy.pieces_of(data, exif_block(exif))
        else:
            pieces = _COPIES[mime](data, exif_block(exif))
    except (MemoryError, RecursionError):
        raise
    except Exception as error:  # whatever else is wrong with its structure, it is wrong
        raise Refusal("A copy without metadata cannot be made of this file: its structure is unusual.") from error
    return wire.Copied(pieces=tuple(pieces))


def _exif(content: Content, mime: str) -> Exif:
    from adapters.imaging.sandbox import pictures

    if mime == filetypes.HEIC.mime:
        from adapters.imaging.sandbox import heif  # noqa: F401 - teaches Pillow the format
    return pictures.exif_of_file(content, mime)
