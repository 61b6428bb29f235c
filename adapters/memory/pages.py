"""One page of a list that is all here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

from application.ports.paging import Page, PageRequest, Position
from domain.errors import Malformed

Item = TypeVar("Item")
Shown = TypeVar("Shown")


def instant(at: datetime) -> str:
    """A text that sorts as the instants do."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Order(Generic[Item]):
    """By position, which no two items of a list share; `shape` is what positions are made of."""

    position: Callable[[Item], Position]
    shape: tuple[type, ...]
    newest_first: bool = True

    def page(self, items: Iterable[Item], request: PageRequest, shown: Callable[[Item], Shown]) -> Page[Shown]:
        """Raises `Malformed` for a position that is not of this list."""
        listed = sorted(items, key=self.position, reverse=self.newest_first)
        rest = self._after(listed, request)
        taken = rest[: request.size]
        more = len(rest) > len(taken)
        return Page(
            items=[shown(item) for item in taken],
            total=len(listed),
            next=self.position(taken[-1]) if more else None,
        )

    def _after(self, listed: list[Item], request: PageRequest) -> list[Item]:
        last = request.after
        if last is None:
            return listed[(request.page - 1) * request.size :]
        if len(last) != len(self.shape) or not all(map(_is_made_of, last, self.shape)):
            raise Malformed("The cursor is of another list", field="cursor")
        if self.newest_first:
            return [item for item in listed if self.position(item) < last]
        return [item for item in listed if self.position(item) > last]


def _is_made_of(value: str | int, kind: type) -> bool:
    if kind is not datetime:
        return isinstance(value, kind)
    try:
        datetime.fromisoformat(str(value))
    except ValueError:
        return False
    return True
