"""From whatever a file uses for colour to eight bits of sRGB, so that a person sees what was meant."""

import io
import math
from functools import lru_cache

from PIL import Image, ImageCms

_DEEP = {"I", "F", "I;16", "I;16L", "I;16B", "I;16N"}
_SEE_THROUGH = {"RGBA", "LA", "PA", "RGBa", "La"}
_SCALABLE = {"RGB", "L", "RGBA", "LA", "CMYK", "YCbCr", "I", "F", "I;16"}
_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
_LAB = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
_COLOUR_SPACES = {"RGB": "RGB ", "CMYK": "CMYK", "L": "GRAY"}


def scalable(image: Image.Image) -> Image.Image:
    """The same picture in a mode whose pixels can be averaged: palettes, colour keys and bits cannot."""
    if image.mode == "P" or "transparency" in image.info:
        return image.convert(_with_alpha(image))
    if image.mode in _DEEP:
        return image if image.mode in _SCALABLE else image.convert("I")
    if image.mode == "1":
        return image.convert("L")
    if image.mode == "LAB":
        return _converted(image, _LAB, "LAB") or image.convert("L")
    return image if image.mode in _SCALABLE else image.convert("RGBA" if image.mode in _SEE_THROUGH else "RGB")


def as_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """A scaled picture as RGB in sRGB: on white where it is transparent, deep greys spread over their own range."""
    if image.mode in _DEEP:
        return _windowed(image).convert("RGB")
    if image.mode in _SEE_THROUGH:
        image = _on_white(image)
    if profile:
        image = _by_profile(image, profile)
    return image if image.mode == "RGB" else image.convert("RGB")


def _with_alpha(image: Image.Image) -> str:
    if "transparency" not in image.info:
        return "RGB"
    return "LA" if image.mode in ("L", "1") else "RGBA"


def _on_white(image: Image.Image) -> Image.Image:
    image = image.convert("RGBA")
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def _windowed(image: Image.Image) -> Image.Image:
    """Darkest to black, brightest to white; an even picture keeps its place in the range of its type."""
    deep = image.convert("F") if image.mode in ("I", "F") else image.convert("I").convert("F")
    low, high = (float(value) for value in deep.getextrema())  # type: ignore[arg-type]
    if not math.isfinite(low + high) or high <= low:
        low, high = 0.0, 255.0 if high <= 255 else 65535.0
    scale = 255.0 / (high - low)
    return deep.point(lambda value: value * scale + (0.5 - low * scale)).convert("L")


def _by_profile(image: Image.Image, profile: bytes) -> Image.Image:
    """A profile that is broken, or of another colour space than the picture, is as good as none."""
    try:
        described = _opened(profile)
        name = (described.profile.profile_description or "").strip("\0")
        if name.startswith("sRGB") or described.profile.xcolor_space != _COLOUR_SPACES.get(image.mode):
            return image
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image
    return _converted(image, described, image.mode) or image


def _converted(image: Image.Image, profile: ImageCms.ImageCmsProfile, mode: str) -> Image.Image | None:
    try:
        transform = _transform(profile, mode)
        return ImageCms.applyTransform(image, transform)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


@lru_cache(maxsize=8)
def _opened(profile: bytes) -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(io.BytesIO(profile))


@lru_cache(maxsize=8)
def _transform(profile: ImageCms.ImageCmsProfile, mode: str) -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(profile, _SRGB, mode, "RGB")
