"""How invented people look."""

import random
from dataclasses import dataclass

from entrypoints.demo.drawing.canvas import Colour

_SKINS: tuple[tuple[Colour, Colour], ...] = (
    ((250, 222, 202), (214, 164, 140)),
    ((244, 206, 178), (202, 146, 116)),
    ((226, 178, 142), (176, 120, 88)),
    ((186, 132, 98), (132, 86, 62)),
    ((138, 94, 70), (92, 58, 44)),
)
_HAIRS: tuple[tuple[Colour, Colour], ...] = (
    ((74, 52, 42), (34, 22, 20)),
    ((122, 82, 54), (66, 40, 26)),
    ((196, 154, 96), (136, 98, 54)),
    ((44, 42, 48), (14, 12, 18)),
    ((196, 194, 192), (138, 136, 136)),
    ((164, 84, 50), (104, 44, 26)),
)
_EYES: tuple[Colour, ...] = ((92, 62, 38), (70, 96, 70), (78, 112, 146), (58, 40, 28))
_SHIRTS: tuple[tuple[Colour, Colour], ...] = (
    ((92, 140, 168), (50, 88, 116)),
    ((178, 110, 104), (122, 64, 62)),
    ((236, 232, 226), (186, 180, 176)),
    ((96, 132, 108), (54, 84, 66)),
    ((120, 108, 158), (74, 64, 108)),
)


@dataclass(frozen=True, slots=True)
class Look:
    skin: tuple[Colour, Colour]
    hair: tuple[Colour, Colour]
    eyes: Colour
    shirt: tuple[Colour, Colour]
    long_hair: bool
    grown: float
    """From 0 (a small child) to 1: a child's face is rounder and its eyes are larger."""


def look(seed: int, *, family: str, long_hair: bool, age: int) -> Look:
    chance = random.Random(f"look {seed}")  # noqa: S311 (drawn, not secret)
    inherited = random.Random(f"family {family}")  # noqa: S311 (likewise)
    hair = _HAIRS[4] if age > 62 else inherited.choice(_HAIRS[:4] + _HAIRS[5:])
    return Look(
        skin=inherited.choice(_SKINS),
        hair=hair,
        eyes=inherited.choice(_EYES),
        shirt=chance.choice(_SHIRTS),
        long_hair=long_hair,
        grown=min(1.0, max(0.0, (age - 4) / 14)),
    )
