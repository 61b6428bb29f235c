"""What answers of the media surface are wrapped in, and how lists are asked for."""

from collections.abc import Callable
from typing import Annotated, Generic, TypeAlias, TypeVar

import msgspec
from litestar.params import QueryParameter

from application.ports.paging import Page, PageRequest, Position
from domain.ids import host_id
from domain.patching import KEPT, Change
from entrypoints.http.cursors import Cursors
from entrypoints.http.requests import MediaRequest

T = TypeVar("T")
Item = TypeVar("Item")

HostId: TypeAlias = str | int
"""An id of the host as clients write it: some have numbers."""

Cursor: TypeAlias = Annotated[
    str | None, QueryParameter(max_length=1024, description="`next_cursor` of the page before; goes before `page`")
]
PageNumber: TypeAlias = Annotated[int, QueryParameter(ge=1, le=100_000, description="for clients without cursors")]
Size40: TypeAlias = Annotated[int, QueryParameter(ge=1, le=200, description="items of a page")]
Size20: TypeAlias = Annotated[int, QueryParameter(ge=1, le=100, description="items of a page")]
Words: TypeAlias = Annotated[str | None, QueryParameter(max_length=200, description="text to search for")]


class Envelope(msgspec.Struct, Generic[T]):
    data: T
    message: None = None


class Listing(msgspec.Struct, Generic[T]):
    """One page. `page` is null where a cursor asked for it; `next_cursor` is null on the last page."""

    data: list[T]
    total: int
    page: int | None
    page_size: int
    next_cursor: str | None
    message: None = None


class Pager:
    """Reads what page is asked for, and tells how to go on."""

    def __init__(self, cursors: Cursors) -> None:
        self._cursors = cursors

    def asked(self, request: MediaRequest, cursor: str | None, page: int, size: int) -> PageRequest:
        return self._cursors.page(request.user.clinic_id, _list_of(request), cursor, page, size)

    def listing(
        self, request: MediaRequest, asked: PageRequest, page: Page[Item], out: Callable[[Item], T]
    ) -> Listing[T]:
        return Listing(
            data=[out(item) for item in page.items],
            total=page.total,
            page=asked.page if asked.after is None else None,
            page_size=asked.size,
            next_cursor=self.cursor(request, page.next),
        )

    def cursor(self, request: MediaRequest, position: Position | None) -> str | None:
        """What to go on with after `position`."""
        return self._cursors.seal(request.user.clinic_id, _list_of(request), position)


def _list_of(request: MediaRequest) -> str:
    return request.scope["path"]


def host(value: HostId, field: str) -> str:
    """The id as text; raises `Malformed` for what cannot be one."""
    return host_id(str(value), field)


def change_of(value: T | msgspec.UnsetType) -> Change[T]:
    """An absent field leaves things as they are."""
    return KEPT if isinstance(value, msgspec.UnsetType) else value
