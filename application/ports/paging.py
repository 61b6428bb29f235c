"""Lists a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

Item = TypeVar("Item")

Position: TypeAlias = tuple[str | int, ...]
"""Where a page ended: the sort values of its last item, to begin the next one after. Clients get it signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """`after` a position, or the `page`-th page from 1; a position costs the same at any depth, a number does not."""

    size: int = 40
    after: Position | None = None
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Item]):
    items: Sequence[Item]
    total: int
    next: Position | None = None
    """None on the last page."""
