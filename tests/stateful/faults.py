"""Failing on purpose, once: at the n-th step of the next attempt, or the next time a place is reached."""

import errno
from dataclasses import dataclass

from domain.errors import Unavailable
from tests.proof.taps import Dead


@dataclass(slots=True)
class Faults:
    """`kind` is an errno's name, or "crash": then the process is dead from there on. Between `begin` and `end` what is
    armed takes effect; what waits for a place stays armed until it is reached."""

    kind: str = ""
    steps: int | None = None
    place: str | None = None
    left: int | None = None
    struck: str = ""
    is_dead: bool = False
    _is_on: bool = False

    @property
    def is_armed(self) -> bool:
        return self.steps is not None or self.place is not None

    def arm(self, kind: str, *, steps: int | None = None, place: str | None = None) -> None:
        self.kind, self.steps, self.place = kind, steps, place

    def begin(self) -> None:
        self.left, self._is_on = self.steps, True

    def end(self) -> None:
        if self.struck:
            self.place = None
        self.steps = self.left = None
        self.struck, self.is_dead, self._is_on = "", False, False

    def __call__(self, place: str) -> None:
        if self.is_dead:
            raise Dead(self.struck)
        if not self._is_on or self.struck:
            return
        if self.left is not None:
            self.left -= 1
        if self.place == place or self.left == -1:
            self._strike(place)

    def _strike(self, place: str) -> None:
        self.struck = place
        if self.kind == "crash":
            self.is_dead = True
            raise Dead(place)
        if place.startswith("Disk."):
            raise OSError(getattr(errno, self.kind), f"on purpose: {self.kind} at {place}")
        raise Unavailable(f"on purpose: {self.kind} at {place}")
