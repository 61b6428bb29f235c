"""An open mouth in a face, and a smile close up."""

from entrypoints.demo.drawing.canvas import Canvas, Colour, Outline, Point
from entrypoints.demo.drawing.crowns import crown
from entrypoints.demo.drawing.mouth import UPPER, Mouth, mix
from entrypoints.demo.drawing.outlines import smooth
from entrypoints.demo.drawing.people import Look

LIP = ((204, 112, 108), (158, 72, 74))


def paint_smile(canvas: Canvas, mouth: Mouth, centre: Point, half: float, shade: Colour) -> None:
    """Open lips over a row of upper teeth; `half` is half the mouth's width."""
    x, y = centre
    unit = half / 118
    canvas.fill(_lips(centre, half, 1.0), *LIP, depth=0.3, soft=2)
    opening = _lips(centre, half * 0.9, 0.62)
    canvas.fill(opening, (64, 18, 22), (40, 10, 14), depth=0.5, soft=1)
    with canvas.within(opening):
        _paint_teeth(canvas, mouth, centre, unit)
    upper = [(x - half, y - 22 * unit), (x - half * 0.4, y - 34 * unit), (x, y - 27 * unit)]
    upper += [(2 * x - px, py) for px, py in upper[1::-1]]
    lower_edge = [(x + half * 0.88, y - 17 * unit), (x, y - 12 * unit), (x - half * 0.88, y - 17 * unit)]
    canvas.fill(smooth([*upper, *lower_edge]), mix(*LIP, 0.25), LIP[1], depth=0.4, soft=1.5)
    for side in (-1, 1):
        crease = [(x + side * half * 1.12, y - 46 * unit), (x + side * half * 1.2, y - 8 * unit)]
        canvas.stroke(crease, shade, 10 * unit, soft=7 * unit, opacity=0.6)


def _paint_teeth(canvas: Canvas, mouth: Mouth, centre: Point, unit: float) -> None:
    x, y = centre
    for side in (-1, 1):
        edge = x
        for number, (kind, width, height) in enumerate(UPPER[:6], start=1):
            wide = width * 4.3 * unit * (1 - 0.13 * (number - 1))
            tall = height * 5.4 * unit * (1 - 0.04 * number)
            tip = y + (28 - 1.5 * (number - 1) ** 1.9) * unit
            lean = mouth.crowding * mouth.chance("smile", side * number).uniform(-0.25, 0.25)
            neck = (edge + side * wide / 2, tip - tall)
            outline = crown(kind, neck, wide * 1.03, tall, lean=lean)
            if side * number not in mouth.missing:
                canvas.fill(outline, *mouth.enamel(side * number), depth=0.3)
                canvas.glow((neck[0], tip - tall * 0.4), (wide * 0.14, tall * 0.2), (255, 255, 255), 0.6)
            edge += side * wide


def _lips(centre: Point, half: float, height: float) -> Outline:
    x, y = centre
    unit = half / 118 * height
    return smooth(
        [
            (x - half, y - 20 * unit),
            (x - half * 0.4, y - 36 * unit),
            (x, y - 29 * unit),
            (x + half * 0.4, y - 36 * unit),
            (x + half, y - 20 * unit),
            (x + half * 0.5, y + 42 * unit),
            (x, y + 58 * unit),
            (x - half * 0.5, y + 42 * unit),
        ]
    )


def smile(look: Look, mouth: Mouth) -> Canvas:
    """The lower half of a smiling face, close up."""
    canvas = Canvas(1600, 1100, look.skin[0], mix(*look.skin, 0.5))
    for x in (0.0, 1600.0):
        canvas.glow((x, 600), (520, 900), look.skin[1], 0.8)
    canvas.glow((800, 60), (250, 150), mix(look.skin[1], (120, 60, 50), 0.25), 0.7)
    canvas.glow((800, 20), (130, 90), mix(look.skin[0], (255, 255, 255), 0.3), 0.8)
    canvas.glow((800, 930), (320, 120), mix(look.skin[0], (255, 240, 230), 0.4), 0.7)
    canvas.glow((800, 800), (330, 60), look.skin[1], 0.5)
    paint_smile(canvas, mouth, (800.0, 520.0), 560.0, look.skin[1])
    return canvas
