"""How what the container holds is made, and closed again."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, TypeVar

from dependency_injector.providers import Provider, Selector

from entrypoints.configuration import WrongSettings

T = TypeVar("T")


class Opened:
    """What has been opened and must be closed, in reverse."""

    def __init__(self) -> None:
        self._closing: list[Callable[[], Awaitable[None]]] = []

    def keep(self, make: Callable[..., T], *args: Any, **options: Any) -> T:
        """What `make` gives; its `close` is called at the end."""
        made: Any = make(*args, **options)
        self._closing.append(made.close)
        kept: T = made
        return kept

    async def close(self) -> None:
        while self._closing:
            await self._closing.pop()()


def told(key: str, make: Callable[..., T]) -> Callable[..., T]:
    """`make`, whose refusal of a setting tells which one it is."""

    @wraps(make)
    def making(*args: Any, **options: Any) -> T:
        try:
            return make(*args, **options)
        except (ValueError, ImportError) as error:
            raise WrongSettings(f"{key}: {error}") from error

    return making


def by_database(kind: Provider[Any], memory: Provider[Any], sql: Provider[Any]) -> Selector[Any]:
    return Selector(kind, memory=memory, sqlite=sql, postgresql=sql)
