"""Thumb, medium and placeholder of an opened picture.

The order is what makes it cheap: decode at the smallest scale that suffices, shrink once for the medium, make the
thumb from the medium, and turn both upright last.
"""

import io

from PIL import Image

from adapters.imaging.sandbox.colours import as_srgb, scalable
from adapters.imaging.sandbox.placeholder import thumbhash
from adapters.imaging.wire import Pictures

_QUALITY = 80
_NEAR_ENOUGH = 0.95
"""A scaled decode this close below the medium's size is taken as the medium: 5 % of its side are half of its cost."""

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def decode_small(image: Image.Image, medium_px: int) -> None:
    """Have a JPEG decoded at the smallest of its scales that still makes a medium. Other formats have no scales."""
    width, height = image.size
    enough = min(max(width, height), medium_px) * _NEAR_ENOUGH
    scale = next((scale for scale in (8, 4, 2) if max(width, height) / scale >= enough), 1)
    image.draft(None, (max(1, width // scale), max(1, height // scale)))


def pictures_of(
    image: Image.Image, orientation: int, profile: bytes | None, *, thumb_px: int, medium_px: int
) -> Pictures:
    """Both derivatives of `image` as it lies in the file; `orientation` says how it wants to be turned."""
    medium = as_srgb(shrunk(scalable(image), medium_px / max(image.size)), profile)
    scale = min(thumb_px / min(medium.size), 2 * thumb_px / max(medium.size))
    thumb = _upright(shrunk(medium, scale), orientation)
    return Pictures(_jpeg(thumb), _jpeg(_upright(medium, orientation)), thumbhash(thumb))


def is_turned(orientation: int) -> bool:
    """Whether width and height change places."""
    return orientation >= 5


def shrunk(image: Image.Image, scale: float) -> Image.Image:
    """Never larger, however large the scale."""
    if scale >= 1:
        return image
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    # Averaging whole pixels first is faster for large pictures, but Pillow cannot do it with 16 bits
    gap = None if image.mode == "I;16" else 2.0
    return image.resize(size, Image.Resampling.HAMMING, reducing_gap=gap)


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    turn = _UPRIGHT.get(orientation)
    return image if turn is None else image.transpose(turn)


def _jpeg(image: Image.Image) -> bytes:
    image.info = {}  # Pillow writes comments, resolutions and profiles it finds there
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()
