"""What looking at a picture gives, and the limit every kind of picture shares."""

from dataclasses import dataclass

from adapters.imaging import wire
from adapters.imaging.sandbox.refusal import Refusal, damaged


@dataclass(frozen=True, slots=True)
class Look:
    """Upright size in pixels, dates in the order they are to be believed, derivatives where any could be made."""

    width: int | None = None
    height: int | None = None
    pages: int | None = None
    taken: tuple[wire.Taken, ...] = ()
    pictures: wire.Pictures | None = None


def check_pixels(width: int, height: int, setup: wire.Setup) -> None:
    """By the header, before anything is decoded."""
    if width < 1 or height < 1:
        raise damaged("picture")
    if width * height > setup.max_pixels:
        raise Refusal(f"The picture is over a decoding limit: more than {setup.max_pixels // 1_000_000} megapixels.")
