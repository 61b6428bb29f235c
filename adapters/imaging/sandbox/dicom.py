"""DICOM files: dates and the first frame, seen through its window. Not for diagnostic use."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, BinaryIO

import numpy
import pydicom
from PIL import Image
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_color_lut
from pydicom.pixels.utils import pixel_array
from pydicom.uid import DeflatedExplicitVRLittleEndian

from adapters.imaging import wire
from adapters.imaging.sandbox.content import Content
from adapters.imaging.sandbox.derivatives import pictures_of, shrunk
from adapters.imaging.sandbox.dicom_dates import taken
from adapters.imaging.sandbox.look import Look, check_pixels
from adapters.imaging.sandbox.refusal import damaged

_UNDEFINED = 0xFFFFFFFF
_PIXEL_VRS = {b"OB", b"OW", b"OF", b"OD", b"UN"}


def look_at(content: Content, setup: wire.Setup, is_sound: Callable[[Look], None]) -> Look:
    """Files without pixels (reports, structures), and those in a compression nobody here knows, have no picture."""
    try:
        with content.open_bounded() as file:
            header = pydicom.dcmread(file, stop_before_pixels=True)
            whole = _is_whole(file, header, content.size)
        dates = taken(header)
    except (MemoryError, RecursionError):
        raise
    except Exception as error:  # the parser meets hostile bytes with every kind of exception there is
        raise damaged("DICOM file") from error
    if not whole:
        raise damaged("DICOM file")
    width, height = _whole_number(header, "Columns"), _whole_number(header, "Rows")
    if width is None or height is None:
        return Look(taken=dates)
    check_pixels(width, height, setup)
    look = Look(width, height, taken=dates)
    is_sound(look)
    return replace(look, pictures=_pictures(content, header, setup))


def _is_whole(file: BinaryIO, header: Dataset, size: int) -> bool:
    """Whether the pixels, where `file` stands, end within it. Compressed ones do not say how long they are."""
    if header.file_meta.TransferSyntaxUID == DeflatedExplicitVRLittleEndian:
        return True
    begin = file.tell()
    start, header_bytes = file.read(12), 12
    if start[4:6] not in _PIXEL_VRS:
        start, header_bytes = start[:8], 8
    length = int.from_bytes(start[-4:], "big" if start[:2] == b"\x7f\xe0" else "little")
    return not start or length == _UNDEFINED or begin + header_bytes + length <= size


def _whole_number(header: Dataset, keyword: str) -> int | None:
    value = header.get(keyword)
    return value if isinstance(value, int) else None


def _pictures(content: Content, header: Dataset, setup: wire.Setup) -> wire.Pictures | None:
    try:
        frame = _first_frame(content, header)
        image = _picture(frame, header, setup.medium_px)
    except Exception:  # decoders fail in every way; the file is kept, its header being sound
        return None
    return pictures_of(image, 1, None, thumb_px=setup.thumb_px, medium_px=setup.medium_px)


def _first_frame(content: Content, header: Dataset) -> numpy.ndarray[Any, Any]:
    with content.open_bounded() as file:
        if header.file_meta.TransferSyntaxUID == DeflatedExplicitVRLittleEndian:
            return pixel_array(pydicom.dcmread(file), index=0)
        return pixel_array(file, index=0)


def _picture(frame: numpy.ndarray[Any, Any], header: Dataset, medium_px: int) -> Image.Image:
    if header.PhotometricInterpretation == "PALETTE COLOR":
        frame = apply_color_lut(frame, header)
    if frame.ndim == 3:
        return _colour(frame, header, medium_px)
    return _grey(frame, header, medium_px)


def _colour(frame: numpy.ndarray[Any, Any], header: Dataset, medium_px: int) -> Image.Image:
    if frame.dtype != numpy.uint8:
        bits = 8 * frame.dtype.itemsize if header.PhotometricInterpretation == "PALETTE COLOR" else header.BitsStored
        frame = (frame >> max(0, int(bits) - 8)).astype(numpy.uint8)
    return Image.fromarray(frame[..., :3])


def _grey(frame: numpy.ndarray[Any, Any], header: Dataset, medium_px: int) -> Image.Image:
    small = shrunk(Image.fromarray(frame.astype(numpy.float32)), medium_px / max(frame.shape))
    values = numpy.asarray(small) * _number(header, "RescaleSlope", 1.0) + _number(header, "RescaleIntercept", 0.0)
    low, high = _window(values, header)
    shown = numpy.clip((values - low) * (255.0 / (high - low)), 0, 255)
    if header.PhotometricInterpretation == "MONOCHROME1":
        shown = 255 - shown
    return Image.fromarray(shown.astype(numpy.uint8))


def _window(values: numpy.ndarray[Any, Any], header: Dataset) -> tuple[float, float]:
    """The file's own window where it shows anything of this picture; else all there is."""
    low, high = float(values.min()), float(values.max())
    center, width = _number(header, "WindowCenter", None), _number(header, "WindowWidth", None)
    if center is not None and width is not None and width >= 1:
        bottom, top = center - width / 2, center + width / 2
        if bottom < high and top > low:
            return bottom, top
    return (low, high) if high > low else (low, low + 1)


def _number(header: Dataset, keyword: str, otherwise: Any) -> Any:
    """A decimal of the header; the first where it has several, `otherwise` where it has none or nonsense."""
    value = header.get(keyword)
    if isinstance(value, pydicom.multival.MultiValue):
        value = value[0] if len(value) else None
    try:
        number = float(value)
    except (TypeError, ValueError):
        return otherwise
    return number if numpy.isfinite(number) else otherwise
