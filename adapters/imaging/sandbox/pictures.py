"""Pictures that Pillow reads: their size, their dates, their derivatives."""

from typing import BinaryIO

from PIL import (
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from adapters.imaging import wire
from adapters.imaging.sandbox import png
from adapters.imaging.sandbox.content import Content
from adapters.imaging.sandbox.derivatives import decode_small, is_turned, pictures_of
from adapters.imaging.sandbox.exif import Exif, exif_of
from adapters.imaging.sandbox.look import Look, check_pixels
from adapters.imaging.sandbox.refusal import Refusal, damaged
from domain import filetypes

_FORMATS = {
    filetypes.JPEG.mime: JpegImagePlugin.JpegImageFile.format,
    filetypes.PNG.mime: PngImagePlugin.PngImageFile.format,
    filetypes.WEBP.mime: WebPImagePlugin.WebPImageFile.format,
    filetypes.GIF.mime: GifImagePlugin.GifImageFile.format,
    filetypes.TIFF.mime: TiffImagePlugin.TiffImageFile.format,
    filetypes.BMP.mime: BmpImagePlugin.BmpImageFile.format,
}

Image.MAX_IMAGE_PIXELS = None  # the limit is a setting, checked below
png.forgive()


def look_at(content: Content, mime: str, setup: wire.Setup) -> Look:
    """Raises `Refusal` where the picture cannot be decoded whole, or has more pixels than allowed."""
    try:
        with content.open() as file, Image.open(file, formats=[_FORMATS[mime]]) as image:
            return _look(image, file, setup)
    except (Refusal, MemoryError, RecursionError):
        raise
    except Exception as error:  # decoders meet hostile bytes with every kind of exception there is
        raise damaged(f"{filetypes.BY_MIME[mime].name} picture") from error


def register(mime: str, pillow_format: str) -> None:
    """Have `look_at` open files of a type with a format that a further library taught Pillow."""
    _FORMATS[mime] = pillow_format


def exif_of_file(content: Content, mime: str) -> Exif:
    """Without decoding it."""
    with content.open() as file, Image.open(file, formats=[_FORMATS[mime]]) as image:
        return _exif(image, file)


def _look(image: Image.Image, file: BinaryIO, setup: wire.Setup) -> Look:
    width, height = image.size
    check_pixels(width, height, setup)
    profile = image.info.get("icc_profile")
    if image.format in ("JPEG", "MPO"):
        decode_small(image, setup.medium_px)
    image.load()
    exif = _exif(image, file)
    # Pillow has turned a TIFF already
    orientation = 1 if image.format == "TIFF" else exif.orientation
    made = pictures_of(image, orientation, profile, thumb_px=setup.thumb_px, medium_px=setup.medium_px)
    if is_turned(orientation):
        width, height = height, width
    return Look(width, height, taken=exif.taken, pictures=made)


def _exif(image: Image.Image, file: BinaryIO) -> Exif:
    if image.format == "TIFF":
        return Exif(lambda offset, count: _read_at(file, offset, count))
    block = image.info.get("exif")
    if block is None and "Raw profile type exif" in image.info:
        block = _from_hex(image.info["Raw profile type exif"])
    return exif_of(block if isinstance(block, bytes) else b"")


def _read_at(file: BinaryIO, offset: int, count: int) -> bytes:
    file.seek(offset)
    return file.read(count)


def _from_hex(text: str) -> bytes:
    """ImageMagick's way to keep EXIF in a PNG: three lines of heading, then hexadecimal digits."""
    try:
        return bytes.fromhex("".join(text.split("\n")[3:]))
    except ValueError:
        return b""
