"""What there is to see in a mouth."""

import random
from dataclasses import dataclass

from entrypoints.demo.drawing.canvas import Colour

Tooth = tuple[str, float, float]

# From the middle to the side: kind, width and height of the crown in millimetres as seen from in front of the tooth.
UPPER: tuple[Tooth, ...] = (
    ("incisor", 8.6, 10.6),
    ("incisor", 6.7, 9.2),
    ("canine", 7.6, 10.2),
    ("premolar", 7.1, 8.6),
    ("premolar", 6.8, 7.8),
    ("molar", 10.2, 7.3),
    ("molar", 9.4, 6.8),
)
LOWER: tuple[Tooth, ...] = (
    ("incisor", 5.4, 8.8),
    ("incisor", 5.9, 9.0),
    ("canine", 6.9, 10.0),
    ("premolar", 7.0, 8.4),
    ("premolar", 7.1, 7.8),
    ("molar", 11.0, 7.2),
    ("molar", 10.4, 6.8),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mouth:
    """`shade` goes from 0 (bright) to 1 (stained), `crowding` from 0 (straight) to 1, `redness` of the gums likewise.

    `missing` and `decayed` name upper teeth by their place from the left as seen, -7 to -1 and 1 to 7.
    """

    seed: int = 1
    shade: float = 0.3
    crowding: float = 0.0
    redness: float = 0.2
    brackets: bool = False
    missing: frozenset[int] = frozenset()
    decayed: frozenset[int] = frozenset()

    def chance(self, *about: object) -> random.Random:
        """Always the same for the same mouth and thing, so that two photos of a mouth show the same teeth."""
        return random.Random(f"{self.seed}:{about}")  # noqa: S311 (drawn, not secret)

    def enamel(self, place: int) -> tuple[Colour, Colour]:
        """Light and dark colour of a tooth; side teeth are a little darker."""
        shade = min(1.0, self.shade + 0.035 * abs(place) + self.chance("shade", place).uniform(-0.04, 0.04))
        return mix((252, 249, 240), (226, 196, 132), shade), mix((201, 190, 176), (158, 118, 70), shade)

    def gum(self) -> tuple[Colour, Colour]:
        return mix((238, 160, 158), (222, 92, 98), self.redness), mix((186, 92, 96), (140, 40, 50), self.redness)


def mix(one: Colour, other: Colour, part: float) -> Colour:
    """`part` 0 is `one`, 1 is `other`."""
    return tuple(a + (b - a) * part for a, b in zip(one, other, strict=True))
