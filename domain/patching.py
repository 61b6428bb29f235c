"""Partial changes: a field that is absent stays, None clears."""

from collections.abc import Callable
from enum import Enum
from typing import Final, TypeAlias, TypeVar


class Kept(Enum):
    """The field was not mentioned."""

    KEPT = "kept"


KEPT: Final = Kept.KEPT

S = TypeVar("S")
T = TypeVar("T")
Change: TypeAlias = T | Kept


def or_kept(change: "T | Kept", current: T) -> T:
    """The new value, or the current one where nothing was said."""
    return current if isinstance(change, Kept) else change


def or_as_it_was(change: "S | Kept", current: T, made: Callable[[S], T]) -> T:
    """What is `made` of the new value, or the current one, untouched, where nothing was said."""
    return current if isinstance(change, Kept) else made(change)
