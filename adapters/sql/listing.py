"""Lists a page at a time: one statement brings the page and the total; the next page begins after a position."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeAlias, TypeVar

from sqlalchemy import ColumnElement, FromClause, Select, bindparam, func, select, tuple_

from adapters.sql.prepared import Row, Statement, Values
from adapters.sql.types import COUNT, INSTANT
from application.ports.paging import Page, PageRequest, Position
from domain.errors import Malformed

Item = TypeVar("Item")

LIMIT, OFFSET = (bindparam(name, type_=COUNT) for name in ("limit", "offset"))

Fetch: TypeAlias = Callable[[Statement, Values], Awaitable[Sequence[Row]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """`keys` put the rows in an order that no two share; a statement for a page from a number, one after a position.

    `counted` is what rows are counted in, where that needs fewer tables than showing them does; `known_total` is for
    a list whose total is written down somewhere.
    """

    columns: Sequence[ColumnElement[Any]]
    source: FromClause
    where: Sequence[ColumnElement[bool]]
    keys: Sequence[ColumnElement[Any]]
    newest_first: bool = True
    counted: FromClause | None = None
    known_total: Select[Any] | None = None

    @property
    def total(self) -> Select[Any]:
        if self.known_total is not None:
            return self.known_total
        counted = self.source if self.counted is None else self.counted
        return select(func.count()).select_from(counted).where(*self.where)

    def statement(self, *, after: bool) -> Select[Any]:
        """Binds `limit`, and `offset` or `key_0`, `key_1` …; the total is the last column."""
        rows = select(*self.columns, self.total.scalar_subquery()).select_from(self.source).where(*self.where)
        if after:
            keys, last = tuple_(*self.keys), positioned(self.keys)
            rows = rows.where(keys < last if self.newest_first else keys > last)
        else:
            rows = rows.offset(OFFSET)
        order = [key.desc() for key in self.keys] if self.newest_first else self.keys
        return rows.order_by(*order).limit(LIMIT)


def positioned(keys: Sequence[ColumnElement[Any]]) -> ColumnElement[Any]:
    """The position to begin after, bound as `key_0`, `key_1` … with the types of `keys`."""
    return tuple_(*(bindparam(f"key_{number}", type_=key.type) for number, key in enumerate(keys)))


class Listed(Protocol):
    """`statement` and `total` as in `Listing`; of `keys` only the types are asked."""

    @property
    def keys(self) -> Sequence[ColumnElement[Any]]: ...
    @property
    def total(self) -> Select[Any]: ...
    def statement(self, *, after: bool) -> Select[Any]: ...


class List:
    """A listing's statements, made once, and how to page through it."""

    def __init__(self, listing: Listed) -> None:
        self._from_number = listing.statement(after=False)
        self._from_position = listing.statement(after=True)
        self._total = listing.total
        self._kinds = tuple(datetime if key.type is INSTANT else key.type.python_type for key in listing.keys)

    async def page(
        self,
        fetch: Fetch,
        values: Values,
        request: PageRequest,
        shown: Callable[[Row], Item],
        position: Callable[[Item], Position],
    ) -> Page[Item]:
        """Raises `Malformed` for a position that is not of this list."""
        # One row more than asked for tells whether there is a next page.
        bound = {**values, "limit": request.size + 1}
        if request.after is not None:
            rows = await fetch(self._from_position, {**bound, **self._after(request.after)})
        else:
            rows = await fetch(self._from_number, {**bound, "offset": (request.page - 1) * request.size})
        items = [shown(row) for row in rows[: request.size]]
        return Page(
            items=items,
            total=rows[0][-1] if rows else await self._counted(fetch, values, request),
            next=position(items[-1]) if len(rows) > request.size else None,
        )

    async def _counted(self, fetch: Fetch, values: Values, request: PageRequest) -> int:
        """Of a page without rows, which on the first page says it all."""
        if request.after is None and request.page == 1:
            return 0
        rows = await fetch(self._total, values)
        return int(rows[0][0]) if rows else 0

    def _after(self, position: Position) -> dict[str, Any]:
        try:
            keys = [_key(kind, value) for kind, value in zip(self._kinds, position, strict=True)]
        except (TypeError, ValueError):
            raise Malformed("The cursor is of another list", field="cursor") from None
        return {f"key_{number}": key for number, key in enumerate(keys)}


def _key(kind: type, value: str | int) -> Any:
    """A part of a position as the column has it; raises `ValueError` or `TypeError` where it cannot be."""
    if kind is datetime:
        return datetime.fromisoformat(str(value))
    if not isinstance(value, kind):
        raise TypeError(kind)
    return value
