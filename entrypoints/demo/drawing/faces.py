"""Portraits: from the front at rest and smiling, or turned by three quarters."""

from entrypoints.demo.drawing.canvas import Canvas, Point
from entrypoints.demo.drawing.mouth import Mouth, mix
from entrypoints.demo.drawing.outlines import ellipse, smooth
from entrypoints.demo.drawing.people import Look
from entrypoints.demo.drawing.smiles import LIP, paint_smile

WIDTH, HEIGHT = 1200, 1600


def portrait(look: Look, mouth: Mouth, *, smiling: bool, turn: float = 0.0) -> Canvas:
    """`turn` goes from -1 (the person looks to the left of the picture) to 1."""
    canvas = studio()
    middle = WIDTH / 2
    _paint_hair_behind(canvas, look, middle)
    _paint_shoulders(canvas, look, middle)
    round_face = 1 - look.grown
    skin = look.skin
    for side in (-1, 1):
        if side * turn < 0.4:
            ear = ellipse((middle + side * (262 - 12 * abs(turn)), 760), 42, 78, angle=side * 0.15)
            canvas.fill(ear, mix(*skin, 0.25), mix(*skin, 0.9), depth=0.4)
    face = smooth(
        [
            (middle - 10, 372),
            (middle + 190, 440),
            (middle + 268, 660),
            (middle + 246, 880),
            (middle + 150 + 30 * round_face, 1040 - 20 * round_face),
            (middle + 25 * turn, 1112 - 60 * round_face),
            (middle - 150 - 30 * round_face, 1040 - 20 * round_face),
            (middle - 246, 880),
            (middle - 268, 660),
            (middle - 190, 440),
        ]
    )
    canvas.fill(face, *skin, depth=0.34)
    _paint_features(canvas, look, mouth, middle + 84 * turn, turn, smiling)
    _paint_fringe(canvas, look, middle)
    return canvas


def studio() -> Canvas:
    canvas = Canvas(WIDTH, HEIGHT, (206, 218, 226), (150, 170, 184))
    canvas.glow((WIDTH * 0.5, HEIGHT * 0.36), (WIDTH * 0.62, HEIGHT * 0.5), (240, 245, 248), 0.85)
    return canvas


def _paint_shoulders(canvas: Canvas, look: Look, middle: float) -> None:
    skin = look.skin
    wide = 430 - 90 * (1 - look.grown)
    shirt = smooth(
        [
            (middle - wide, 1700),
            (middle - wide + 20, 1400),
            (middle - 150, 1250),
            (middle + 150, 1250),
            (middle + wide - 20, 1400),
            (middle + wide, 1700),
        ]
    )
    canvas.fill(shirt, *look.shirt, depth=0.3)
    neck = [(middle - 112, 980), (middle + 112, 980), (middle + 128, 1236), (middle, 1330), (middle - 128, 1236)]
    canvas.fill(smooth(neck), mix(*skin, 0.3), mix(*skin, 1.0), depth=0.3)
    canvas.glow((middle, 1090), (150, 80), mix(skin[1], (80, 40, 30), 0.4), 0.6)


def _paint_hair_behind(canvas: Canvas, look: Look, middle: float) -> None:
    low = 1330 if look.long_hair else 760
    behind = [(middle, 268), (middle + 260, 380), (middle + 320, 690), (middle + (330 if look.long_hair else 270), low)]
    mirrored = [(2 * middle - x, y) for x, y in behind[:0:-1]]
    canvas.fill(smooth([*behind, (middle, low + 40), *mirrored]), *look.hair, depth=0.22)


def _paint_fringe(canvas: Canvas, look: Look, middle: float) -> None:
    parting = middle + (-70 if look.long_hair else 60)
    top = [(middle - 284, 720), (middle - 262, 440), (middle, 286), (middle + 262, 440), (middle + 284, 720)]
    edge = [(middle + 238, 560), (middle + 130, 480), (parting, 446), (middle - 150, 500), (middle - 240, 580)]
    canvas.fill(smooth([*top, *edge]), *look.hair, depth=0.2)
    for strand in range(7):
        x = middle - 190 + strand * 62
        line = smooth([(parting, 330), ((parting + x) / 2, 350), (x, 440)], closed=False)
        canvas.stroke(line, mix(look.hair[0], (255, 240, 220), 0.16), 7, soft=6, opacity=0.5)


def _paint_features(canvas: Canvas, look: Look, mouth: Mouth, middle: float, turn: float, smiling: bool) -> None:
    skin, (light, dark) = look.skin, look.skin
    for side in (-1, 1):
        near = 1 - 0.22 * max(0.0, side * turn)
        x = middle + side * 118 * near
        canvas.glow((x + side * 30, 880), (110, 90), mix(light, (236, 120, 110), 0.4), 0.55)
        _paint_eye(canvas, look, (x, 712), near, side)
    bridge = smooth([(middle - 8 + 14 * turn, 700), (middle + 30 * turn, 800), (middle + 52 * turn, 862)], closed=False)
    canvas.stroke(bridge, mix(light, (255, 255, 255), 0.4), 26, soft=14, opacity=0.55)
    tip = (middle + 44 * turn, 868.0)
    canvas.glow((tip[0], tip[1] + 26), (70, 26), dark, 0.75)
    canvas.fill(ellipse(tip, 46, 36), mix(light, (255, 240, 230), 0.3), mix(light, dark, 0.35), depth=0.5, soft=9)
    for side in (-1, 1):
        canvas.flat(ellipse((tip[0] + side * 26, tip[1] + 22), 12, 7), mix(dark, (70, 30, 25), 0.6), soft=3)
    centre = (middle + 26 * turn, 980.0)
    if smiling:
        paint_smile(canvas, mouth, centre, 118.0, skin[1])
    else:
        _paint_closed_lips(canvas, centre)


def _paint_eye(canvas: Canvas, look: Look, centre: Point, near: float, side: int) -> None:
    (x, y), dark = centre, look.skin[1]
    large = 1.18 - 0.18 * look.grown
    wide, high = 58 * near * large, 28 * large
    canvas.glow((x, y - 8), (96, 60), mix(look.skin[0], dark, 0.7), 0.45)
    lids = smooth([(x - wide, y + 4), (x, y - high), (x + wide, y + 2), (x, y + high * 0.8)])
    canvas.fill(lids, (252, 251, 249), (206, 200, 198), depth=0.4)
    iris = 25 * large
    with canvas.within(lids):
        canvas.fill(ellipse((x, y - 4), iris * near, iris), mix(look.eyes, (255, 255, 255), 0.2), look.eyes, depth=0.3)
        canvas.flat(ellipse((x, y - 4), 11, 11), (14, 10, 10), soft=1)
        canvas.flat(ellipse((x - 8, y - 12), 6, 6), (255, 255, 255), soft=1)
    lash = smooth([(x - wide, y + 4), (x, y - high - 1), (x + wide, y + 2)], closed=False)
    canvas.stroke(lash, (46, 30, 26), 9, soft=1)
    brow = smooth([(x - side * 56, y - 72), (x, y - 92), (x + side * 66, y - 74)], closed=False)
    canvas.stroke(brow, look.hair[1], 17, soft=4, opacity=0.85)


def _paint_closed_lips(canvas: Canvas, centre: Point) -> None:
    x, y = centre
    upper = smooth([(x - 92, y), (x - 30, y - 24), (x, y - 17), (x + 30, y - 24), (x + 92, y), (x, y + 6)])
    lower = smooth([(x - 88, y + 1), (x, y + 4), (x + 88, y + 1), (x + 40, y + 36), (x - 40, y + 36)])
    canvas.fill(lower, *LIP, depth=0.4, soft=2)
    canvas.fill(upper, mix(*LIP, 0.4), LIP[1], depth=0.4, soft=2)
    canvas.stroke(smooth([(x - 92, y), (x, y + 4), (x + 92, y)], closed=False), (112, 44, 48), 5, soft=2)
    canvas.glow((x, y + 24), (46, 8), (255, 226, 220), 0.5)
