"""Faces from the side."""

from collections.abc import Callable

from entrypoints.demo.drawing.canvas import Canvas, Outline, Point
from entrypoints.demo.drawing.faces import WIDTH, studio
from entrypoints.demo.drawing.mouth import mix
from entrypoints.demo.drawing.outlines import ellipse, smooth
from entrypoints.demo.drawing.people import Look
from entrypoints.demo.drawing.smiles import LIP


def profile(look: Look, side: str) -> Canvas:
    """`side` is "left" or "right": which side of the face is seen; the left one looks to the left of the picture."""
    canvas = studio()
    skin = look.skin

    def at(points: Outline) -> list[Point]:
        return [(x if side == "left" else WIDTH - x, y) for x, y in points]

    low = 1320 if look.long_hair else 900
    hair = [(520, 300), (760, 270), (930, 420), (980, 700), (960, low), (760, low + 20), (640, 700), (400, 470)]
    shirt = [(330, 1720), (400, 1450), (560, 1290), (800, 1270), (980, 1420), (1040, 1720)]
    canvas.fill(smooth(at(shirt)), *look.shirt, depth=0.3)
    neck = [(560, 980), (800, 900), (830, 1240), (720, 1330), (540, 1290), (575, 1150)]
    canvas.fill(smooth(at(neck)), mix(*skin, 0.35), mix(*skin, 1.0), depth=0.3)
    if look.long_hair:
        canvas.fill(smooth(at(hair)), *look.hair, depth=0.2)
    head = [(470, 352), (388, 470), (368, 600), (372, 668), (340, 760), (306, 838), (330, 872), (372, 884)]
    head += [(352, 926), (368, 956), (350, 990), (380, 1020), (372, 1074), (430, 1118), (540, 1096)]
    head += [(700, 1000), (800, 860), (850, 600), (760, 380), (600, 310)]
    canvas.fill(smooth(at(head)), *skin, depth=0.24)
    canvas.glow(at([(470, 880)])[0], (110, 100), mix(skin[0], (236, 120, 110), 0.4), 0.5)
    _paint_profile_features(canvas, look, at)
    if not look.long_hair:
        canvas.fill(smooth(at([*hair[:4], (900, 880), (800, 930), (770, 700), (620, 560), (430, 480)])), *look.hair)
    else:
        canvas.fill(smooth(at([*hair[:5], (790, low), (800, 760), (690, 560), (420, 480)])), *look.hair, depth=0.2)
    return canvas


def _paint_profile_features(canvas: Canvas, look: Look, at: Callable[[Outline], list[Point]]) -> None:
    skin = look.skin
    canvas.glow(at([(452, 690)])[0], (90, 60), mix(*skin, 0.9), 0.45)
    canvas.fill(at(smooth([(412, 700), (452, 676), (486, 700), (440, 720)])), (252, 251, 249), (206, 200, 198))
    canvas.flat(at(ellipse((427, 698), 11, 19)), look.eyes)
    canvas.flat(at(ellipse((424, 698), 5, 9)), (14, 10, 10))
    canvas.stroke(at(smooth([(404, 698), (446, 672), (492, 700)], closed=False)), (46, 30, 26), 8, soft=1)
    canvas.stroke(
        at(smooth([(392, 632), (440, 612), (508, 636)], closed=False)), look.hair[1], 17, soft=4, opacity=0.85
    )
    canvas.flat(at(ellipse((356, 862), 15, 8, angle=0.4)), mix(skin[1], (70, 30, 25), 0.6), soft=4)
    canvas.fill(at(smooth([(350, 928), (366, 954), (420, 958), (392, 930)])), mix(*LIP, 0.4), LIP[1], soft=2)
    canvas.fill(at(smooth([(364, 958), (352, 988), (384, 1006), (420, 960)])), *LIP, soft=2)
    canvas.stroke(at(smooth([(362, 957), (396, 962), (428, 954)], closed=False)), (112, 44, 48), 5, soft=2)
    jaw = smooth([(470, 1108), (600, 1074), (706, 990), (740, 880)], closed=False)
    canvas.stroke(at(jaw), skin[1], 26, soft=16, opacity=0.5)
    canvas.fill(at(ellipse((720, 760), 46, 78, angle=0.2)), mix(*skin, 0.15), mix(*skin, 0.95), depth=0.4)
    canvas.stroke(at(smooth([(702, 712), (748, 730), (736, 800)], closed=False)), mix(*skin, 1.0), 10, soft=5)
