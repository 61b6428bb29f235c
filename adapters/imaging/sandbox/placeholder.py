"""ThumbHash: a picture in about 25 bytes, to show while the thumb is on its way (https://evanw.github.io/thumbhash).

Opaque pictures only, which is all that derivatives are. The cosine transform is done one direction after the other on
a picture of at most 24 pixels a side, which makes it cheap enough for plain Python.
"""

import base64
import math
from functools import lru_cache

from PIL import Image

_SIDE = 24
_Channel = list[float]


def thumbhash(picture: Image.Image) -> str:
    """The ThumbHash of an RGB picture, in base64."""
    small = picture.copy()
    small.thumbnail((_SIDE, _SIDE), Image.Resampling.BOX)
    width, height = small.size
    lightness, yellow_blue, red_green = _channels(small)
    longest = max(width, height)
    columns, rows = max(1, round(7 * width / longest)), max(1, round(7 * height / longest))
    l_dc, l_ac, l_scale = _encode(lightness, width, height, max(3, columns), max(3, rows))
    p_dc, p_ac, p_scale = _encode(yellow_blue, width, height, 3, 3)
    q_dc, q_ac, q_scale = _encode(red_green, width, height, 3, 3)
    landscape = width > height
    header = (
        round(63 * l_dc) | round(31.5 + 31.5 * p_dc) << 6 | round(31.5 + 31.5 * q_dc) << 12 | round(31 * l_scale) << 18
    )
    header16 = (rows if landscape else columns) | round(63 * p_scale) << 3 | round(63 * q_scale) << 9 | landscape << 15
    packed = header.to_bytes(3, "little") + header16.to_bytes(2, "little") + _nibbles(l_ac + p_ac + q_ac)
    return base64.b64encode(packed).decode()


def _channels(picture: Image.Image) -> tuple[_Channel, _Channel, _Channel]:
    raw = picture.tobytes()
    reds, greens, blues = raw[0::3], raw[1::3], raw[2::3]
    lightness = [(r + g + b) / 765 for r, g, b in zip(reds, greens, blues, strict=True)]
    yellow_blue = [(r + g) / 510 - b / 255 for r, g, b in zip(reds, greens, blues, strict=True)]
    red_green = [(r - g) / 255 for r, g in zip(reds, greens, strict=True)]
    return lightness, yellow_blue, red_green


def _encode(channel: _Channel, width: int, height: int, columns: int, rows: int) -> tuple[float, list[float], float]:
    """The mean, the other coefficients as 0..1, and their scale."""
    across = _cosines(width, columns)
    down = _cosines(height, rows)
    lines = [channel[start : start + width] for start in range(0, width * height, width)]
    by_line = [[sum(map(float.__mul__, line, wave)) for wave in across] for line in lines]
    by_column = list(zip(*by_line, strict=True))
    total = width * height
    coefficients = [
        sum(map(float.__mul__, by_column[cx], down[cy])) / total
        for cy in range(rows)
        for cx in range(columns)
        if cx * rows < columns * (rows - cy)
    ]
    mean, others = coefficients[0], coefficients[1:]
    scale = max(map(abs, others), default=0.0)
    return mean, [0.5 + 0.5 / scale * value if scale else 0.5 for value in others], scale


@lru_cache(maxsize=256)
def _cosines(length: int, count: int) -> list[list[float]]:
    step = math.pi / length
    return [[math.cos(step * wave * (at + 0.5)) for at in range(length)] for wave in range(count)]


def _nibbles(values: list[float]) -> bytes:
    steps = [round(15 * value) for value in values]
    steps += [0] * (len(steps) % 2)
    return bytes(low | high << 4 for low, high in zip(steps[0::2], steps[1::2], strict=True))
