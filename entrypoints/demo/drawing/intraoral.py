"""Photos of a mouth held open: from the front, from a side, and of one arch from above (through a mirror)."""

import math
from collections.abc import Iterator

from entrypoints.demo.drawing.canvas import Canvas, Point
from entrypoints.demo.drawing.crowns import paint_braces, paint_crown, paint_decay, paint_from_above
from entrypoints.demo.drawing.mouth import LOWER, UPPER, Mouth, Tooth, mix
from entrypoints.demo.drawing.outlines import ellipse, smooth

WIDTH, HEIGHT = 1600, 1200


def frontal(mouth: Mouth) -> Canvas:
    return _from_outside(mouth, middle=WIDTH / 2, scale=29.0, turn=0.0)


def lateral(mouth: Mouth, side: str) -> Canvas:
    """`side` is "left" or "right", the patient's; the mouth's middle is then near the left or right edge."""
    away = 1 if side == "left" else -1
    return _from_outside(mouth, middle=WIDTH * (0.5 - 0.38 * away), scale=28.0, turn=0.72 * away)


def _from_outside(mouth: Mouth, middle: float, scale: float, turn: float) -> Canvas:
    canvas = Canvas(WIDTH, HEIGHT, (120, 46, 48), (104, 36, 40))
    _paint_cheeks(canvas)
    biting = HEIGHT * 0.53
    _paint_gums(canvas, mouth, biting, scale)
    canvas.flat(ellipse((WIDTH / 2, biting - 1.6 * scale), 31 * scale, 40, power=2.4), (40, 10, 14), soft=14)
    _paint_row(canvas, mouth, LOWER, middle, biting - 1.5 * scale, -scale, turn)
    _paint_row(canvas, mouth, UPPER, middle, biting + 1.0 * scale, scale, turn)
    for x in (0.0, float(WIDTH)):
        dark = 0.85 if turn == 0 or (x > 0) == (turn > 0) else 0.45
        canvas.glow((x, HEIGHT / 2), (WIDTH * 0.22, HEIGHT * 0.9), (26, 6, 10), dark)
    return canvas


def _paint_cheeks(canvas: Canvas) -> None:
    for x in (0.1, 0.9):
        canvas.glow((WIDTH * x, HEIGHT / 2), (WIDTH * 0.3, HEIGHT * 0.6), (176, 78, 80), 0.8)
    for y in (0.0, 1.0):
        canvas.glow((WIDTH / 2, HEIGHT * y), (WIDTH * 0.9, HEIGHT * 0.2), (206, 120, 116), 0.95)


def _paint_gums(canvas: Canvas, mouth: Mouth, biting: float, scale: float) -> None:
    light, dark = mouth.gum()
    middle = WIDTH / 2
    for sign in (-1, 1):
        reach = 15.0 if sign < 0 else 13.0
        centre = (middle, biting + sign * 4.0 * scale)
        canvas.fill(ellipse(centre, 33 * scale, reach * scale, power=2.8), light, dark, depth=0.42, soft=8)
        for place in range(-4, 5):
            spot = (middle + place * 8.0 * scale, biting + sign * (14.0 - 0.25 * place**2) * scale)
            canvas.glow(spot, (3.4 * scale, 1.6 * scale), mix(light, (255, 226, 220), 0.55), 0.4)


def _paint_row(
    canvas: Canvas, mouth: Mouth, teeth: tuple[Tooth, ...], middle: float, biting: float, scale: float, turn: float
) -> None:
    """`scale` is in pixels per millimetre, negative for the lower row, whose crowns point up."""
    upper = scale > 0
    brackets: list[Point] = []
    for place, tooth, x, width in sorted(_places(mouth, teeth, middle, abs(scale), turn, upper), key=_from_the_back):
        chance = mouth.chance(upper, place)
        # the biting edges follow a shallow curve, as a smile does
        tip = biting - min(0.0026 * ((x - middle) / scale) ** 2, 3.0) * abs(scale)
        tip += mouth.crowding * chance.uniform(-1.0, 1.4) * scale
        lean = mouth.crowding * chance.uniform(-0.3, 0.3) if abs(place) < 5 else 0.0
        tall = tooth[2] * scale * (1.0 - 0.02 * abs(place))
        if upper and place in mouth.missing:
            canvas.glow((x, tip - tall * 0.2), (width * 0.5, tall * 0.5), (66, 18, 24), 0.9)
            continue
        paint_crown(canvas, mouth, place, tooth[0], (x, tip - tall), (width * 1.02, tall), lean)
        brackets.append((x, tip - tall * 0.52))
        if upper and place in mouth.decayed:
            paint_decay(canvas, (x + width * 0.22, tip - tall * 0.42), width * 0.15)
    if mouth.brackets:
        paint_braces(canvas, brackets, abs(scale))


def _from_the_back(placed: tuple[int, Tooth, float, float]) -> int:
    return -abs(placed[0])


def _places(
    mouth: Mouth, teeth: tuple[Tooth, ...], middle: float, scale: float, turn: float, upper: bool
) -> Iterator[tuple[int, Tooth, float, float]]:
    """Place, tooth, x and width as seen: the arch curves away from the viewer, more so on the side turned away."""
    for side in (-1, 1):
        x = middle
        for number, tooth in enumerate(teeth, start=1):
            angle = side * (0.02 + 0.195 * (number - 1)) - turn
            width = tooth[1] * scale * max(0.16, math.cos(min(1.45, abs(angle))))
            overlap = 1 - 0.16 * mouth.crowding * mouth.chance("overlap", upper, side * number).random()
            yield side * number, tooth, x + side * width / 2, width
            x += side * width * overlap


def occlusal(mouth: Mouth, jaw: str) -> Canvas:
    """`jaw` is "upper" or "lower"."""
    upper = jaw == "upper"
    canvas = Canvas(WIDTH, HEIGHT, (108, 44, 46), (88, 30, 34))
    light, dark = mouth.gum()
    canvas.fill(ellipse((WIDTH / 2, HEIGHT * 0.86), 630, 960, power=2.3), light, dark, depth=0.16, soft=10)
    floor = ((236, 168, 160), (196, 104, 102)) if upper else ((214, 112, 116), (146, 58, 64))
    canvas.fill(ellipse((WIDTH / 2, HEIGHT * 0.94), 370, 760, power=2.2), *floor, depth=0.4, soft=14)
    if upper:
        _paint_palate(canvas)
    else:
        canvas.fill(ellipse((WIDTH / 2, HEIGHT * 1.0), 300, 640, power=2.4), (224, 124, 128), (172, 74, 80), depth=0.4)
        canvas.stroke([(WIDTH / 2, HEIGHT * 0.62), (WIDTH / 2, HEIGHT)], (166, 70, 78), 12, soft=8, opacity=0.7)
    for place, kind, spot, size, angle in _around_arch(mouth, UPPER if upper else LOWER, upper):
        if not (upper and place in mouth.missing):
            paint_from_above(canvas, kind, spot, size, angle, mouth.enamel(place))
        if upper and place in mouth.decayed:
            paint_decay(canvas, spot, size[0] * 0.16)
    canvas.glow((WIDTH / 2, 0), (WIDTH * 0.9, HEIGHT * 0.1), (20, 4, 8), 0.6)
    return canvas


def _paint_palate(canvas: Canvas) -> None:
    middle = WIDTH / 2
    canvas.stroke([(middle, HEIGHT * 0.4), (middle, HEIGHT)], (206, 120, 116), 9, soft=5, opacity=0.8)
    for row in range(5):
        y = HEIGHT * (0.375 + 0.06 * row)
        for side in (-1, 1):
            fold = [(middle + side * (24 + reach * (92 + 26 * row) / 3), y + reach * 9) for reach in range(4)]
            canvas.stroke(smooth(fold, closed=False), (250, 204, 196), 15, soft=6, opacity=0.75)
            canvas.stroke([(x, py + 13) for x, py in fold], (190, 100, 98), 7, soft=5, opacity=0.6)


def _around_arch(mouth: Mouth, teeth: tuple[Tooth, ...], upper: bool) -> Iterator[tuple[int, str, Point, Point, float]]:
    """Teeth along half an ellipse, the middle at the top of the picture."""
    across, down, scale = (500.0, 850.0, 18.6) if upper else (470.0, 820.0, 18.6)
    for side in (-1, 1):
        travelled = 0.0
        for number, (kind, width, _) in enumerate(teeth, start=1):
            travelled += width / 2
            turn = _turn_at(travelled * scale, across, down)
            travelled += width / 2
            chance = mouth.chance("arch", upper, side * number)
            push = 1 + mouth.crowding * chance.uniform(-0.09, 0.09)
            spot = (WIDTH / 2 + side * across * math.sin(turn) * push, HEIGHT * 0.83 - down * math.cos(turn) * push)
            slope = math.atan2(down * math.sin(turn), side * across * math.cos(turn))
            lean = mouth.crowding * chance.uniform(-0.45, 0.45) if number < 6 else 0.0
            thick = {"incisor": 6.4, "canine": 7.8, "premolar": 9.0, "molar": 10.6}[kind]
            yield side * number, kind, spot, (width * scale * 1.02, thick * scale), slope + lean


def _turn_at(distance: float, across: float, down: float) -> float:
    """How far round the ellipse (0 at its top) one has come after `distance` along it."""
    turn = gone = 0.0
    while gone < distance and turn < math.pi / 2:
        gone += math.hypot(across * math.cos(turn), down * math.sin(turn)) * 0.005
        turn += 0.005
    return turn
