"""One tooth on an x-ray: enamel is bright, the pulp dark, metal white."""

from entrypoints.demo.drawing.canvas import Canvas, Colour, Outline, Point
from entrypoints.demo.drawing.outlines import ellipse, smooth, turned

_SEVERAL_ROOTS = frozenset({"molar"})


def grey(level: float) -> Colour:
    return (level,)


class Radiograph:
    """Paints teeth; `unit` is pixels per millimetre."""

    def __init__(self, canvas: Canvas, unit: float) -> None:
        self.canvas = canvas
        self.unit = unit

    def tooth(self, kind: str, neck: Point, width: float, *, up: bool, lean: float = 0.0, level: float = 1.0) -> None:
        """`neck` is where the crown meets the roots, `width` in millimetres; `up` is where the roots point."""
        unit, canvas = self.unit, self.canvas
        crown_height, root_length = (7.5, 13.0) if kind in _SEVERAL_ROOTS else (9.0, 14.5)

        def at(points: list[Point]) -> Outline:
            sign = -1 if up else 1
            x, y = neck
            placed = [(x + dx * unit, y + sign * dy * unit) for dx, dy in points]
            return turned(smooth(placed), lean, neck)

        for shift, wide in self._roots(kind, width):
            root = [(shift - wide / 2, -0.6), (shift + wide / 2, -0.6), (shift * 1.25 + wide * 0.26, root_length * 0.7)]
            root += [(shift * 1.3, root_length), (shift * 1.25 - wide * 0.26, root_length * 0.7)]
            canvas.flat(at([(x * 1.04, y * 1.03) for x, y in root]), grey(46), soft=unit * 0.35, opacity=0.6)
            canvas.fill(at(root), grey(178 * level), grey(128 * level), depth=0.4, soft=unit * 0.12)
            pulp = [(shift - 0.35, 0), (shift + 0.35, 0), (shift * 1.28, root_length * 0.9)]
            canvas.flat(at(pulp), grey(84), soft=unit * 0.25, opacity=0.8)
        half = width / 2
        crown = [(-half * 0.86, 0.4), (half * 0.86, 0.4), (half * 1.02, -crown_height * 0.55)]
        crown += [(half * 0.8, -crown_height), (0, -crown_height * 0.93), (-half * 0.8, -crown_height)]
        crown += [(-half * 1.02, -crown_height * 0.55)]
        canvas.fill(at(crown), grey(190 * level), grey(244 * level), depth=0.22, soft=unit * 0.12)
        chamber = [(-half * 0.16, 1.2), (half * 0.16, 1.2), (half * 0.3, -crown_height * 0.3)]
        canvas.flat(at([*chamber, (-half * 0.3, -crown_height * 0.3)]), grey(112), soft=unit * 0.4, opacity=0.6)

    def _roots(self, kind: str, width: float) -> list[tuple[float, float]]:
        if kind in _SEVERAL_ROOTS:
            return [(-width * 0.26, width * 0.42), (width * 0.26, width * 0.42)]
        return [(0.0, width * 0.72)]

    def filling(self, neck: Point, width: float, *, up: bool) -> None:
        x, y = neck
        centre = (x + width * 0.12 * self.unit, y + (6.0 if up else -6.0) * self.unit)
        self.canvas.flat(ellipse(centre, width * 0.26 * self.unit, 1.7 * self.unit, power=3), grey(255), soft=2)

    def implant(self, neck: Point, *, up: bool) -> None:
        """A screw in the bone with a crown on it."""
        (x, y), unit, sign = neck, self.unit, -1 if up else 1
        for turn in range(9):
            half = (2.1 - 0.09 * turn) * unit
            centre = (x, y + sign * (0.5 + turn * 1.25) * unit)
            self.canvas.flat(ellipse(centre, half, 0.75 * unit, angle=0.12, power=3), grey(252), soft=1.5)
        cap = [(x - 2.6 * unit, y), (x + 2.6 * unit, y), (x + 3.6 * unit, y - sign * 6 * unit)]
        cap += [(x, y - sign * 8.5 * unit), (x - 3.6 * unit, y - sign * 6 * unit)]
        self.canvas.fill(smooth(cap), grey(228), grey(248), depth=0.3, soft=2)

    def decay(self, neck: Point, width: float, *, up: bool) -> None:
        x, y = neck
        spot = (x - width * 0.38 * self.unit, y + (3.0 if up else -3.0) * self.unit)
        self.canvas.glow(spot, (1.5 * self.unit, 1.7 * self.unit), grey(52), 0.95)
