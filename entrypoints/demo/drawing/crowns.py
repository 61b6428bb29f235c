"""One tooth at a time: crowns as seen from the front or the side, and from above."""

import math
from collections.abc import Sequence

from entrypoints.demo.drawing.canvas import Canvas, Colour, Point
from entrypoints.demo.drawing.mouth import Mouth, mix
from entrypoints.demo.drawing.outlines import ellipse, smooth, turned

# Half a crown from its neck (0) to its biting edge (1): how far down, and how wide there.
_PROFILES = {
    "incisor": ((0.0, 0.30), (0.06, 0.55), (0.3, 0.82), (0.65, 0.96), (0.92, 0.98), (1.0, 0.78)),
    "canine": ((0.0, 0.28), (0.06, 0.52), (0.3, 0.84), (0.58, 1.0), (0.8, 0.84), (0.97, 0.22)),
    "premolar": ((0.0, 0.34), (0.06, 0.58), (0.3, 0.9), (0.62, 1.0), (0.85, 0.88), (1.0, 0.36)),
    "molar": ((0.0, 0.46), (0.06, 0.7), (0.3, 0.94), (0.65, 1.0), (0.9, 0.94), (1.0, 0.66)),
}


def crown(kind: str, neck: Point, width: float, height: float, *, lean: float = 0.0) -> list[Point]:
    """The outline of a crown whose neck is at `neck`; a negative `height` points up."""
    x, y = neck
    right = [(x + width / 2 * wide, y + height * along) for along, wide in _PROFILES[kind]]
    left = [(x - width / 2 * wide, y + height * along) for along, wide in reversed(_PROFILES[kind])]
    dip = [(x, y + height * 0.96)] if kind == "molar" else []
    return turned(smooth([*right, *dip, *left]), lean, (x, y + height / 2))


def paint_crown(
    canvas: Canvas, mouth: Mouth, place: int, kind: str, neck: Point, size: Point, lean: float = 0.0
) -> None:
    """A tooth seen from outside, with the light from above."""
    width, height = size
    light, dark = mouth.enamel(place)
    outline = crown(kind, neck, width, height, lean=lean)
    shadow = [(px, py + height * 0.02) for px, py in outline]
    canvas.flat(shadow, (70, 30, 32), soft=abs(height) * 0.03, opacity=0.55)
    canvas.fill(outline, light, dark, depth=0.34)
    x, y = neck
    # The neck is warmer, the biting edge of a front tooth a little translucent.
    canvas.glow((x, y + height * 0.12), (width * 0.36, abs(height) * 0.16), mix(light, (214, 150, 96), 0.5), 0.45)
    if kind == "incisor":
        canvas.glow((x, y + height * 0.93), (width * 0.34, abs(height) * 0.07), (196, 204, 214), 0.4)
    canvas.glow((x - width * 0.16, y + height * 0.45), (width * 0.13, abs(height) * 0.2), (255, 255, 255), 0.75)


def paint_braces(canvas: Canvas, centres: Sequence[Point], scale: float) -> None:
    """A bracket at each of `centres`, and the wire through them."""
    wire = smooth(sorted(centres), closed=False)
    for x, y in centres:
        half = 0.85 * scale
        canvas.flat(ellipse((x + 2, y + 4), half, half, power=6), (60, 50, 50), soft=4, opacity=0.5)
        canvas.fill(ellipse((x, y), half, half * 0.92, power=6), (232, 236, 240), (128, 134, 142), depth=0.3)
        canvas.glow((x - half * 0.4, y - half * 0.5), (half * 0.4, half * 0.3), (255, 255, 255), 0.9)
    canvas.stroke(wire, (84, 88, 96), 9)
    canvas.stroke([(x, y - 1.5) for x, y in wire], (226, 230, 236), 4)


def paint_decay(canvas: Canvas, centre: Point, radius: float) -> None:
    canvas.glow(centre, (radius * 1.7, radius * 1.5), (150, 104, 58), 0.75)
    canvas.fill(ellipse(centre, radius, radius * 0.8, angle=0.4), (66, 40, 24), (112, 74, 40), depth=0.5, soft=2)


_CUSPS = {"premolar": ((0.0, -0.4), (0.0, 0.42)), "molar": ((-0.42, -0.4), (0.42, -0.4), (-0.42, 0.4), (0.42, 0.4))}


def paint_from_above(
    canvas: Canvas, kind: str, centre: Point, size: Point, angle: float, enamel: tuple[Colour, Colour]
) -> None:
    """A tooth seen from its biting side; `size` is along and across the arch, `angle` the arch's direction there."""
    along, across = size
    light, dark = enamel
    power = {"incisor": 2.2, "canine": 2.0, "premolar": 2.6, "molar": 3.4}[kind]
    outline = ellipse(centre, along / 2, across / 2, angle=angle, power=power)
    canvas.flat([(x, y + 5) for x, y in outline], (84, 34, 38), soft=7, opacity=0.6)
    canvas.fill(outline, light, dark, depth=0.3)
    if kind not in _CUSPS:
        ridge = ellipse(centre, along * 0.34, across * 0.1, angle=angle)
        canvas.flat(ridge, mix(light, (255, 255, 255), 0.6), soft=7, opacity=0.5)
        return
    for cusp_along, cusp_across in _CUSPS[kind]:
        spot = _placed(centre, cusp_along * along / 2, cusp_across * across / 2, angle)
        canvas.glow(spot, (along * 0.17, across * 0.17), (255, 255, 252), 0.85)
    groove = mix(dark, (110, 80, 52), 0.55)
    reach = 0.62 if kind == "molar" else 0.5
    for ends in _grooves(kind, reach):
        points = [_placed(centre, a * along / 2, b * across / 2, angle) for a, b in ends]
        canvas.stroke(smooth(points, closed=False), groove, max(3.0, along * 0.035), soft=2, opacity=0.8)


def _grooves(kind: str, reach: float) -> list[list[Point]]:
    lengthwise = [(-reach, 0.04), (-reach / 3, -0.06), (reach / 3, 0.06), (reach, -0.02)]
    crosswise = [(0.04, -reach), (-0.05, -reach / 3), (0.05, reach / 3), (-0.02, reach)]
    return [lengthwise, crosswise] if kind == "molar" else [lengthwise]


def _placed(centre: Point, along: float, across: float, angle: float) -> Point:
    x, y = centre
    cosine, sine = math.cos(angle), math.sin(angle)
    return x + along * cosine - across * sine, y + along * sine + across * cosine
