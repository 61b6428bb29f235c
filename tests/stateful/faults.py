"""Failing on purpose, once, at the n-th step of the next attempt; or being dead from there on."""

import errno
from dataclasses import dataclass

from domain.errors import Unavailable
from tests.proof.taps import Dead


@dataclass(slots=True)
class Faults:
    """`kind` is an errno's name, or "crash". What is armed takes effect between `begin` and `end`."""

    armed: tuple[int, str] | None = None
    left: int = -1
    struck: str = ""
    is_dead: bool = False

    def arm(self, steps: int, kind: str) -> None:
        self.armed = steps, kind

    def begin(self) -> None:
        self.left = self.armed[0] if self.armed else -1

    def end(self) -> None:
        self.armed, self.left, self.struck, self.is_dead = None, -1, "", False

    def __call__(self, place: str) -> None:
        if self.is_dead:
            raise Dead(self.struck)
        if self.left >= 0:
            self.left -= 1
            if self.left < 0:
                self._strike(place)

    def _strike(self, place: str) -> None:
        kind = self.armed[1] if self.armed else ""
        self.struck = place
        if kind == "crash":
            self.is_dead = True
            raise Dead(place)
        if place.startswith("Disk."):
            raise OSError(getattr(errno, kind), f"on purpose: {kind} at {place}")
        raise Unavailable(f"on purpose: {kind} at {place}")
