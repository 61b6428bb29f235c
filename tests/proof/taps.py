"""Fault points: any port with a place before and after each of its steps (see `disk_taps` for the disk below it).

A `Tap` is told of every place, such as ``Blobs.promote:before``, and decides what becomes of it: it counts, raises, or
ends the process. Raising before a step keeps it from being taken; raising after it keeps its caller from learning that
it was. The steps themselves are the real ones.
"""

import inspect
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from typing import Any, TypeAlias, cast

from tests.proof.ports import Ports

Tap: TypeAlias = Callable[[str], None]

PORTS = {
    "unit_of_work": "OpenUnitOfWork",
    "documents": "DocumentViews",
    "attachments": "AttachmentViews",
    "files": "FileViews",
    "notes": "NoteViews",
    "directory": "DirectoryViews",
    "outbox": "Outbox",
    "audit": "AuditTrail",
    "owners": "OwnerResolver",
    "upkeep": "Upkeep",
    "blobs": "Blobs",
    "inspector": "FileInspector",
    "bus": "EventBus",
}
HOLDS = {
    "UnitOfWork": {
        "documents": "Documents",
        "pairings": "Pairings",
        "attachments": "Attachments",
        "notes": "Notes",
        "directory": "Directory",
        "repetitions": "Repetitions",
        "imports": "ImportedRows",
    }
}
GIVES = {
    "Blobs.stage": "StagedBlob",
    "Outbox.claim": "Batch",
    "OpenUnitOfWork.__call__": "UnitOfWork",
    "Database.transaction": "Transaction",
}


def tapped(ports: Ports, tap: Tap) -> Ports:
    stand_ins: dict[str, Any] = {field: Tapped(getattr(ports, field), name, tap) for field, name in PORTS.items()}
    return replace(ports, **stand_ins)


def no_fault(_: str) -> None:
    """A tap that lets everything pass."""


class Dead(BaseException):
    """The process is gone. Nothing it would still do has any effect."""


class Cut:
    """From place number `at` on, counted from 0, nothing happens any more."""

    def __init__(self, at: int) -> None:
        self._left = at

    def __call__(self, place: str) -> None:
        self._left -= 1
        if self._left < 0:
            raise Dead(place)


class Switch:
    """Tells a tap of places only while it is on."""

    def __init__(self, listener: Tap) -> None:
        self.is_on = False
        self.listener = listener

    def __call__(self, place: str) -> None:
        if self.is_on:
            self.listener(place)


class Tapped:
    """Stands in for the port called `name`, and for whatever ports that holds and gives."""

    def __init__(self, port: object, name: str, tap: Tap) -> None:
        self._port = port
        self._name = name
        self._tap = tap

    def __call__(self, *args: Any) -> Any:
        return self._step("__call__", cast(Callable[..., Any], self._port))(*args)

    def __getattr__(self, attribute: str) -> Any:
        value = getattr(self._port, attribute)
        if (held := HOLDS.get(self._name, {}).get(attribute)) is not None:
            return Tapped(value, held, self._tap)
        return self._step(attribute, value) if inspect.isroutine(value) else value

    def _step(self, method: str, real: Callable[..., Any]) -> Callable[..., Any]:
        point = f"{self._name}.{method}"
        if inspect.iscoroutinefunction(real):
            return lambda *args, **named: self._awaited(point, real, args, named)

        def called(*args: Any, **named: Any) -> Any:
            made = real(*args, **named)
            if hasattr(made, "__aenter__"):
                return self._entered(point, made)
            return self._iterated(point, made) if hasattr(made, "__anext__") else made

        return called

    async def _awaited(self, point: str, real: Callable[..., Any], args: Any, named: Any) -> Any:
        self._tap(f"{point}:before")
        made = await real(*args, **named)
        self._tap(f"{point}:after")
        if point in GIVES:
            return Tapped(made, GIVES[point], self._tap)
        return self._iterated(f"{point}.next", made) if hasattr(made, "__anext__") else made

    async def _iterated(self, point: str, items: AsyncIterator[Any]) -> AsyncIterator[Any]:
        self._tap(f"{point}:before")
        async for item in items:
            yield item
        self._tap(f"{point}:after")

    @asynccontextmanager
    async def _entered(self, point: str, manager: AbstractAsyncContextManager[Any]) -> AsyncIterator[Any]:
        self._tap(f"{point}:before")
        async with manager as value:
            self._tap(f"{point}:after")
            yield Tapped(value, GIVES[point], self._tap) if point in GIVES else value
            self._tap(f"{point}.leave:before")
        self._tap(f"{point}.leave:after")
