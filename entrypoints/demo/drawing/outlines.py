"""Closed and open curves to paint."""

import math
from collections.abc import Sequence

from entrypoints.demo.drawing.canvas import Outline, Point


def ellipse(centre: Point, across: float, down: float, *, angle: float = 0.0, power: float = 2.0) -> list[Point]:
    """`across` and `down` are radii, `angle` turns it (radians, clockwise); a `power` over 2 makes it squarer."""
    (x, y), cosine, sine = centre, math.cos(angle), math.sin(angle)
    points = []
    for step in range(72):
        turn = math.tau * step / 72
        dx = across * _raised(math.cos(turn), 2 / power)
        dy = down * _raised(math.sin(turn), 2 / power)
        points.append((x + dx * cosine - dy * sine, y + dx * sine + dy * cosine))
    return points


def smooth(points: Sequence[Point], *, closed: bool = True, steps: int = 10) -> list[Point]:
    """A curve through all `points` (Catmull-Rom)."""
    count = len(points)
    curve: list[Point] = []
    for index in range(count if closed else count - 1):
        around = [_at(points, index + offset, closed) for offset in (-1, 0, 1, 2)]
        curve += [_between(around, step / steps) for step in range(steps)]
    return curve if closed else [*curve, points[-1]]


def turned(outline: Outline, angle: float, about: Point) -> list[Point]:
    (x, y), cosine, sine = about, math.cos(angle), math.sin(angle)
    return [(x + (px - x) * cosine - (py - y) * sine, y + (px - x) * sine + (py - y) * cosine) for px, py in outline]


def _raised(value: float, power: float) -> float:
    return math.copysign(abs(value) ** power, value)


def _at(points: Sequence[Point], index: int, closed: bool) -> Point:
    return points[index % len(points)] if closed else points[min(max(index, 0), len(points) - 1)]


def _between(around: Sequence[Point], t: float) -> Point:
    first, second, third, fourth = around
    x, y = (_spline(first[axis], second[axis], third[axis], fourth[axis], t) for axis in (0, 1))
    return x, y


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
