"""X-rays: the whole mouth (panoramic), three teeth (periapical), both rows of one side (bitewing), the skull."""

import math
from random import Random

import numpy as np

from entrypoints.demo.drawing.canvas import Canvas, Point
from entrypoints.demo.drawing.mouth import LOWER, UPPER, Mouth
from entrypoints.demo.drawing.outlines import ellipse, smooth
from entrypoints.demo.drawing.roots import Radiograph, grey


def panoramic(mouth: Mouth, *, implant: int | None = None) -> Canvas:
    """`implant` stands at that place of the upper row, instead of the tooth that is missing there."""
    canvas = Canvas(2000, 1000, grey(14), grey(22))
    _paint_jaws(canvas)
    film = Radiograph(canvas, 11.6)
    for up, depth in ((True, -8.0), (False, 8.0)):
        bone = [_on_the_curve(along, up, film.unit)[0] for along in range(-56, 57, 8)]
        canvas.stroke([(x, y + depth * film.unit) for x, y in bone], grey(112), 190, soft=34, opacity=0.75)
    for teeth, up in ((UPPER, True), (LOWER, False)):
        for side in (-1, 1):
            across = 0.0
            for number, (kind, width, _) in enumerate(teeth, start=1):
                neck, lean = _on_the_curve(side * (across + width * 0.51), up, film.unit)
                across += width * 1.02
                place = side * number if up else 0
                if place == implant:
                    film.implant(neck, up=True)
                elif place not in mouth.missing:
                    chance = mouth.chance("film", up, side * number)
                    lean += mouth.crowding * chance.uniform(-0.22, 0.22)
                    _paint_filmed_tooth(film, mouth, chance, kind, (neck, width, lean), up)
                if place in mouth.decayed:
                    film.decay(neck, width, up=True)
    return _filmed(canvas, mouth.seed)


def _paint_filmed_tooth(
    film: Radiograph, mouth: Mouth, chance: Random, kind: str, placed: tuple[Point, float, float], up: bool
) -> None:
    neck, width, lean = placed
    film.tooth(kind, neck, width, up=up, lean=lean, level=chance.uniform(0.94, 1.02))
    if kind == "molar" and chance.random() < mouth.shade * 0.7:
        film.filling(neck, width, up=up)


def _on_the_curve(along: float, up: bool, unit: float) -> tuple[Point, float]:
    """Where a tooth's neck is `along` millimetres from the middle, and how it leans: the rows curve like a smile."""
    rise = 0.0055 * along**2 * unit
    x = 1000 + along * unit * 1.08
    y = (520 - 8.6 * unit if up else 520 + 8.6 * unit) - rise
    return (x, y), -math.atan(0.011 * along) * (0.7 if up else 0.9)


def _paint_jaws(canvas: Canvas) -> None:
    canvas.glow((1000, 480), (760, 520), grey(74), 0.9)
    canvas.glow((1000, 300), (560, 190), grey(96), 0.8)
    for side in (-1, 1):
        canvas.glow((1000 + side * 190, 236), (150, 100), grey(40), 0.8)
        ramus = [(620, 700), (760, 470), (800, 250), (790, 120), (850, 70), (900, 130), (880, 300), (850, 560)]
        ramus += [(740, 790), (600, 880)]
        placed = smooth([(1000 + side * x, y) for x, y in ramus])
        canvas.fill(placed, grey(118), grey(92), depth=0.3, soft=14, opacity=0.8)
        canvas.stroke([(1000 + side * 930, 0), (1000 + side * 960, 1000)], grey(70), 90, soft=40, opacity=0.7)
    body = [(-720, 610), (-400, 790), (0, 850), (400, 790), (720, 610), (700, 760), (400, 915), (0, 962)]
    body += [(-400, 915), (-700, 760)]
    canvas.fill(smooth([(1000 + x, y) for x, y in body]), grey(132), grey(112), depth=0.4, soft=16, opacity=0.85)
    edge = smooth([(-700, 770), (-400, 918), (0, 962), (400, 918), (700, 770)], closed=False)
    canvas.stroke([(1000 + x, y) for x, y in edge], grey(196), 16, soft=7, opacity=0.7)
    for side in (-1, 1):
        nerve = smooth([(700, 600), (560, 760), (400, 830), (300, 830)], closed=False)
        canvas.stroke([(1000 + side * x, y) for x, y in nerve], grey(76), 13, soft=7, opacity=0.7)
    canvas.stroke([(1000, 0), (1000, 1000)], grey(112), 150, soft=60, opacity=0.35)
    canvas.stroke([(994, 100), (1000, 360)], grey(150), 20, soft=12, opacity=0.5)


def periapical(mouth: Mouth, *, implant: bool = False) -> Canvas:
    """Upright film of three upper teeth."""
    canvas = Canvas(1200, 1500, grey(120), grey(70))
    _paint_bone(canvas, mouth, 0, 900)
    film = Radiograph(canvas, 38)
    canvas.flat([(0, 1120), (1200, 1090), (1200, 1500), (0, 1500)], grey(18), soft=40)
    places = ((-3, "canine", 200.0, 8.0), (-4, "premolar", 590.0, 7.4), (-6, "molar", 1010.0, 10.6))
    for place, kind, x, width in places:
        neck = (x, 860 + 20 * mouth.chance("apex", place).random())
        if implant and place == -4:
            film.implant(neck, up=True)
        else:
            film.tooth(kind, neck, width, up=True, lean=mouth.chance("lean", place).uniform(-0.06, 0.06))
        if place in mouth.decayed:
            film.decay(neck, width, up=True)
    canvas.glow((590, 290), (110, 80), grey(48), 0.0 if implant else mouth.shade)
    return _filmed(canvas, mouth.seed + 1)


_SIDE = (("premolar", 7.2), ("premolar", 7.2), ("molar", 10.8), ("molar", 10.4))


def bitewing(mouth: Mouth) -> Canvas:
    canvas = Canvas(1600, 1200, grey(64), grey(64))
    _paint_bone(canvas, mouth, 0, 330)
    _paint_bone(canvas, mouth, 870, 1200)
    canvas.flat([(0, 470), (1600, 500), (1600, 720), (0, 690)], grey(14), soft=30)
    film = Radiograph(canvas, 36)
    for up, y in ((True, 330.0), (False, 880.0)):
        x = 60.0 if up else 10.0
        for number, (kind, width) in enumerate(
            (("premolar", 7.2), ("premolar", 7.2), ("molar", 10.8), ("molar", 10.4))
        ):
            x += width * 18.6
            neck = (x, y + (number - 1.5) * 6)
            film.tooth(kind, neck, width, up=up)
            if kind == "molar" and mouth.chance("wing", up, number).random() < 0.3 + mouth.shade * 0.5:
                film.filling(neck, width, up=up)
            if up and -4 - number in mouth.decayed:
                film.decay(neck, width, up=True)
            x += width * 18.6
    return _filmed(canvas, mouth.seed + 2)


def _paint_bone(canvas: Canvas, mouth: Mouth, top: float, bottom: float) -> None:
    """A net of fine bright lines."""
    chance = mouth.chance("bone", top)
    canvas.flat([(0, top), (canvas.width, top), (canvas.width, bottom), (0, bottom)], grey(122), soft=36, opacity=0.8)
    for _ in range(150):
        x, y = chance.uniform(0, canvas.width), chance.uniform(top, bottom)
        angle = chance.uniform(0, math.pi)
        end = (x + 44 * math.cos(angle), y + 44 * math.sin(angle))
        canvas.stroke([(x, y), end], grey(160 if chance.random() < 0.6 else 88), 9, soft=5, opacity=0.22)


def cephalometric(mouth: Mouth) -> Canvas:
    """The skull from its right side, looking to the right."""
    canvas = Canvas(1400, 1400, grey(12), grey(16))
    soft = [(420, 150), (820, 110), (1060, 260), (1100, 480), (1090, 600), (1180, 740), (1130, 800), (1130, 860)]
    soft += [(1150, 930), (1110, 1000), (1120, 1080), (1050, 1150), (860, 1180), (720, 1250), (480, 1340), (300, 900)]
    canvas.fill(smooth([*soft, (220, 520)]), grey(66), grey(48), depth=0.2, soft=10)
    canvas.fill(ellipse((660, 470), 410, 350, angle=-0.12), grey(96), grey(176), depth=0.09, soft=8)
    canvas.fill(ellipse((660, 470), 372, 312, angle=-0.12), grey(90), grey(112), depth=0.4, soft=12)
    canvas.fill(ellipse((985, 600), 92, 86), grey(70), grey(150), depth=0.24, soft=8)
    maxilla = [(860, 700), (1060, 720), (1096, 790), (1070, 850), (880, 850), (800, 780)]
    canvas.fill(smooth(maxilla), grey(150), grey(120), depth=0.3, soft=9)
    mandible = [(560, 720), (640, 700), (690, 940), (860, 1000), (1040, 970), (1084, 1080), (1000, 1140), (760, 1110)]
    canvas.fill(smooth([*mandible, (600, 1010)]), grey(158), grey(136), depth=0.3, soft=8)
    film = Radiograph(canvas, 8.2)
    for number, (kind, width, _) in enumerate(UPPER):
        film.tooth(kind, (1060.0 - 38 * number, 838.0), width * 0.8, up=True, lean=0.25 if number < 2 else 0.0)
    for number, (kind, width, _) in enumerate(LOWER):
        film.tooth(kind, (1050.0 - 38 * number, 985.0), width * 0.8, up=False, lean=-0.2 if number < 2 else 0.0)
    for step in range(6):
        centre = (430.0 - 10 * step, 860.0 + 92 * step)
        canvas.fill(ellipse(centre, 92, 38, angle=-0.1, power=3), grey(150), grey(104), depth=0.4, soft=8)
    return _filmed(canvas, mouth.seed + 3)


def _filmed(canvas: Canvas, seed: int) -> Canvas:
    """With the fine grain of a sensor, darker towards the corners."""
    rows, columns = canvas.planes.shape[1:]
    down = np.linspace(-1, 1, rows, dtype=np.float32)[:, None]
    across = np.linspace(-1, 1, columns, dtype=np.float32)[None, :]
    canvas.planes *= 1 - 0.16 * (down**2 + across**2)
    canvas.planes += np.random.default_rng(seed).standard_normal((rows, columns), dtype=np.float32) * 3.2
    return canvas
