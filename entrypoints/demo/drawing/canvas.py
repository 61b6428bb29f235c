"""A canvas to paint rounded, softly lit shapes on.

Lengths are in units of a layout that the picture is a little smaller than. Colours are (red, green, blue), or a single
grey, each 0 to 255.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Point: TypeAlias = tuple[float, float]
Outline: TypeAlias = Sequence[Point]
Colour: TypeAlias = tuple[float, ...]
_Mask: TypeAlias = NDArray[np.floating]

_DETAIL = 0.8
"""Pixels per unit."""
_FINE = 2
"""Shapes are drawn this much larger and reduced, so that their edges are smooth."""


class Canvas:
    """Starts as a gradient from `top` to `bottom`, which say whether it is in colours or in greys."""

    def __init__(self, width: int, height: int, top: Colour, bottom: Colour) -> None:
        self.width, self.height = width, height
        rows, columns = round(height * _DETAIL), round(width * _DETAIL)
        down = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
        column = _planes(top) * (1 - down) + _planes(bottom) * down
        # one plane per colour: rows stay long, which is what makes the arithmetic quick
        self.planes = np.ascontiguousarray(np.broadcast_to(column, (len(top), rows, columns)))

    def fill(
        self,
        outline: Outline,
        light: Colour,
        dark: Colour,
        *,
        depth: float = 0.3,
        soft: float = 0.0,
        opacity: float = 1.0,
    ) -> None:
        """Paint a closed shape that looks round: `light` in its middle, `dark` at its edge.

        `depth` is how far the edge's shade reaches in, as a part of the shape's smaller side; `soft` blurs the edge.
        """
        drawn = self._mask(outline, soft)
        if drawn is None:
            return
        mask, rows, columns = drawn
        small = min(max(y for _, y in outline) - min(y for _, y in outline), _breadth(outline))
        inner = np.clip(_array(_blurred(_picture(mask), max(1.0, small * depth * _DETAIL))) * 2 - 1, 0, 1)
        colour = _planes(dark) + (_planes(light) - _planes(dark)) * inner
        self._blend(rows, columns, colour, mask * opacity)

    def flat(self, outline: Outline, colour: Colour, *, soft: float = 0.0, opacity: float = 1.0) -> None:
        """Paint a closed shape in one colour."""
        drawn = self._mask(outline, soft)
        if drawn is not None:
            mask, rows, columns = drawn
            self._blend(rows, columns, _planes(colour), mask * opacity)

    def stroke(self, points: Outline, colour: Colour, width: float, *, soft: float = 0.0, opacity: float = 1.0) -> None:
        """Paint a line through `points`."""
        self.flat(_ribbon(points, width), colour, soft=soft, opacity=opacity)

    def glow(self, centre: Point, radii: Point, colour: Colour, opacity: float = 1.0) -> None:
        """Light or shade that fades out from `centre`; `radii` are where it has faded to about a tenth."""
        x, y, across, down = (length * _DETAIL for length in (*centre, *radii))
        _, height, width = self.planes.shape
        rows = _clipped(y - 1.6 * down, y + 1.6 * down, height)
        columns = _clipped(x - 1.6 * across, x + 1.6 * across, width)
        vertical = ((np.arange(rows.start, rows.stop, dtype=np.float32) - y) / down)[:, None]
        horizontal = ((np.arange(columns.start, columns.stop, dtype=np.float32) - x) / across)[None, :]
        mask = np.exp(-2.3 * vertical**2) * np.exp(-2.3 * horizontal**2)
        self._blend(rows, columns, _planes(colour), mask * opacity)

    @contextmanager
    def within(self, outline: Outline) -> Iterator[None]:
        """Only what is inside `outline` stays of what is painted in the block."""
        drawn = self._mask(outline, 1.0)
        before = self.planes.copy()
        yield
        if drawn is not None:
            mask, rows, columns = drawn
            before[:, rows, columns] += (self.planes[:, rows, columns] - before[:, rows, columns]) * mask
        self.planes = before

    def image(self) -> Image.Image:
        """In mode RGB or L."""
        planes = [Image.fromarray(plane) for plane in np.clip(self.planes, 0, 255).astype(np.uint8)]
        return planes[0] if len(planes) == 1 else Image.merge("RGB", planes)

    def _blend(self, rows: slice, columns: slice, colour: _Mask, mask: _Mask) -> None:
        part = self.planes[:, rows, columns]
        part += (colour - part) * mask

    def _mask(self, outline: Outline, soft: float) -> tuple[_Mask, slice, slice] | None:
        margin = 2 + 3 * soft * _DETAIL
        placed = [(x * _DETAIL, y * _DETAIL) for x, y in outline]
        xs, ys = [x for x, _ in placed], [y for _, y in placed]
        _, height, width = self.planes.shape
        columns = _clipped(min(xs) - margin, max(xs) + margin, width)
        rows = _clipped(min(ys) - margin, max(ys) + margin, height)
        if columns.start >= columns.stop or rows.start >= rows.stop:
            return None
        drawing = Image.new("L", ((columns.stop - columns.start) * _FINE, (rows.stop - rows.start) * _FINE))
        shifted = [((x - columns.start) * _FINE, (y - rows.start) * _FINE) for x, y in placed]
        ImageDraw.Draw(drawing).polygon(shifted, fill=255)
        mask = drawing.reduce(_FINE)
        return _array(_blurred(mask, soft * _DETAIL) if soft else mask), rows, columns


def _array(mask: Image.Image) -> _Mask:
    return np.asarray(mask, np.float32) / 255


def _picture(mask: _Mask) -> Image.Image:
    return Image.fromarray((mask * 255).astype(np.uint8))


def _planes(colour: Colour) -> _Mask:
    return np.asarray(colour, np.float32)[:, None, None]


def _clipped(low: float, high: float, limit: int) -> slice:
    start = min(limit, max(0, math.floor(low)))
    return slice(start, max(start, min(limit, math.ceil(high))))


def _breadth(outline: Outline) -> float:
    return max(x for x, _ in outline) - min(x for x, _ in outline)


def _blurred(mask: Image.Image, radius: float) -> Image.Image:
    # A large blur of a small copy looks the same and takes a fraction of the time.
    factor = int(radius / 3)
    if factor < 2:
        return mask.filter(ImageFilter.GaussianBlur(radius))
    small = mask.reduce(factor).filter(ImageFilter.GaussianBlur(radius / factor))
    return small.resize(mask.size, Image.Resampling.BILINEAR)


def _ribbon(points: Outline, width: float) -> list[Point]:
    """The outline of a line of that width, with its ends cut straight."""
    left: list[Point] = []
    right: list[Point] = []
    for index, (x, y) in enumerate(points):
        (x0, y0), (x1, y1) = points[max(0, index - 1)], points[min(len(points) - 1, index + 1)]
        length = math.hypot(x1 - x0, y1 - y0) or 1.0
        across, down = -(y1 - y0) / length * width / 2, (x1 - x0) / length * width / 2
        left.append((x + across, y + down))
        right.append((x - across, y - down))
    return left + right[::-1]
