"""Drawn pictures as the files that a camera or a sensor leaves."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

import numpy as np
from PIL import Image, ImageOps

from entrypoints.demo.drawing.canvas import Canvas

_EXIF_IFD = 0x8769
_ORIENTATION, _MAKE, _MODEL, _CHANGED = 0x0112, 0x010F, 0x0110, 0x0132
_TAKEN, _TAKEN_OFFSET, _EXPOSURE, _APERTURE, _SENSITIVITY = 0x9003, 0x9011, 0x829A, 0x829D, 0x8827

# How a picture lies in the file that is to be turned so when it is shown.
_LYING = {
    3: Image.Transpose.ROTATE_180,
    6: Image.Transpose.ROTATE_90,
    8: Image.Transpose.ROTATE_270,
}


@dataclass(frozen=True, slots=True)
class Camera:
    make: str
    model: str
    orientation: int = 1
    """How it is held: 1, 3, 6 or 8 as EXIF counts."""
    offset: bool = True
    """Whether its dates name their offset from UTC; older cameras' do not."""


REFLEX = Camera("Canon", "Canon EOS 250D", offset=False)
PHONE = Camera("samsung", "SM-G991B")
PHONE_UPRIGHT = Camera("samsung", "SM-G991B", orientation=6)
REFLEX_OVERHEAD = Camera("Canon", "Canon EOS 250D", orientation=3, offset=False)
SENSOR = Camera("Carestream", "CS 8100")


def photograph(canvas: Canvas, taken: datetime, camera: Camera) -> bytes:
    """A JPEG with its EXIF; `taken` is in the zone of the camera's clock."""
    canvas.planes += np.random.default_rng(7).standard_normal(canvas.planes.shape[1:], dtype=np.float32)
    image = canvas.image()
    if camera.orientation in _LYING:
        image = image.transpose(_LYING[camera.orientation])
    return _jpeg(image, taken, camera)


def radiograph(canvas: Canvas, taken: datetime) -> bytes:
    """A greyscale JPEG."""
    return _jpeg(canvas.image(), taken, SENSOR)


def plaster(canvas: Canvas, taken: datetime) -> bytes:
    """The same shapes as a cast on a blue cloth."""
    cast = ImageOps.colorize(canvas.image().convert("L"), (52, 78, 110), (250, 244, 228), mid=(198, 186, 160))
    return _jpeg(cast, taken, REFLEX)


def _jpeg(image: Image.Image, taken: datetime, camera: Camera) -> bytes:
    exif = Image.Exif()
    said = taken.strftime("%Y:%m:%d %H:%M:%S")
    exif[_ORIENTATION], exif[_MAKE], exif[_MODEL], exif[_CHANGED] = (
        camera.orientation,
        camera.make,
        camera.model,
        said,
    )
    details = exif.get_ifd(_EXIF_IFD)
    details[_TAKEN] = said
    details[_EXPOSURE], details[_APERTURE], details[_SENSITIVITY] = 1 / 125, 11.0, 200
    if camera.offset:
        details[_TAKEN_OFFSET] = f"{taken:%z}"[:3] + ":" + f"{taken:%z}"[3:]
    file = BytesIO()
    image.save(file, "JPEG", quality=88, exif=exif)
    return file.getvalue()
