"""The ThumbHash of a picture, read back the way browsers do."""

import base64
import math
from collections.abc import Callable
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from adapters.imaging.sandbox.placeholder import thumbhash
from tests.made_files import COLOURS, quadrants

Colour: TypeAlias = tuple[float, float, float]


@pytest.mark.parametrize(("width", "height"), [(120, 80), (80, 120), (100, 100)])
def test_a_placeholder_looks_like_its_picture(width: int, height: int) -> None:
    read = _read(thumbhash(quadrants(width, height)))

    for (x, y), colour in {(0.2, 0.2): "red", (0.8, 0.2): "green", (0.2, 0.8): "blue", (0.8, 0.8): "yellow"}.items():
        shown = read(x, y)
        assert min(COLOURS, key=lambda name: math.dist(COLOURS[name], shown)) == colour


@settings(max_examples=30)
@given(st.integers(1, 300), st.integers(1, 300), st.tuples(*[st.integers(0, 255)] * 3))
def test_an_even_picture_of_any_shape_keeps_its_colour(width: int, height: int, colour: tuple[int, int, int]) -> None:
    packed = thumbhash(Image.new("RGB", (width, height), colour))

    assert len(packed) <= 36
    assert _read(packed)(0.5, 0.5) == pytest.approx(colour, abs=9)


def _read(text: str) -> Callable[[float, float], Colour]:
    """The colour at a place (0 to 1 either way), by the algorithm of thumbHashToRGBA for opaque pictures."""
    packed = base64.b64decode(text)
    first, second = int.from_bytes(packed[:3], "little"), int.from_bytes(packed[3:5], "little")
    landscape = second >> 15
    across, down = max(3, 7 if landscape else second & 7), max(3, second & 7 if landscape else 7)
    nibbles = [half for byte in packed[5:] for half in (byte & 15, byte >> 4)]

    def waves(scale: float, columns: int, rows: int) -> list[tuple[int, int, float]]:
        return [
            (cx, cy, (nibbles.pop(0) / 7.5 - 1) * scale)
            for cy in range(rows)
            for cx in range(columns)
            if cx + cy > 0 and cx * rows < columns * (rows - cy)
        ]

    channels = (
        ((first & 63) / 63, waves((first >> 18 & 31) / 31, across, down)),
        ((first >> 6 & 63) / 31.5 - 1, waves((second >> 3 & 63) / 63 * 1.25, 3, 3)),
        ((first >> 12 & 63) / 31.5 - 1, waves((second >> 9 & 63) / 63 * 1.25, 3, 3)),
    )

    def at(x: float, y: float) -> Colour:
        lightness, yellow, red = (
            mean + sum(2 * height * math.cos(math.pi * x * cx) * math.cos(math.pi * y * cy) for cx, cy, height in rest)
            for mean, rest in channels
        )
        blue = lightness - 2 / 3 * yellow
        reds = (3 * lightness - blue + red) / 2
        return _byte(reds), _byte(reds - red), _byte(blue)

    return at


def _byte(value: float) -> float:
    return 255 * min(1.0, max(0.0, value))
