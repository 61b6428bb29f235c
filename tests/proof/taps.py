"""Fault points: any port, and the disk below it, with a place before and after each of its steps.

A `Tap` is told of every place, such as ``Blobs.promote:before``, and decides what becomes of it: it counts, raises, or
ends the process. Raising before a step keeps it from being taken; raising after it keeps its caller from learning that
it was. The steps themselves are the real ones.
"""

import inspect
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import replace
from typing import Any, TypeAlias, cast

from adapters.files.disk import Buffers, Disk
from tests.proof.ports import Ports

Tap: TypeAlias = Callable[[str], None]

PORTS = {
    "unit_of_work": "OpenUnitOfWork",
    "documents": "DocumentViews",
    "attachments": "AttachmentViews",
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


class Short(Exception):
    """Raised by a tap before a write: only half of it is to be written."""


class Wrong(Exception):
    """Raised by a tap after a read: what was read is to be other bytes."""


class TappedDisk(Disk):
    """Over a plain disk, or over another kind of disk named after it among the bases of a class."""

    tap: Tap

    def write(self, fd: int, buffers: Buffers) -> int:
        try:
            self.tap("Disk.write:before")
        except Short:
            whole = b"".join(buffers)
            return super().write(fd, [whole[: len(whole) // 2]])
        taken = super().write(fd, buffers)
        self.tap("Disk.write:after")
        return taken

    def read(self, fd: int, size: int, start: int) -> bytes:
        self.tap("Disk.read:before")
        data = super().read(fd, size, start)
        try:
            self.tap("Disk.read:after")
        except Wrong:
            return bytes(byte ^ 1 for byte in data)
        return data

    def close(self, fd: int) -> None:
        # Even where it fails, and when the process is dead, the descriptor is gone
        with suppress(Dead):
            try:
                self.tap("Disk.close:before")
            finally:
                super().close(fd)
            self.tap("Disk.close:after")


STEPS = tuple(name for name, member in vars(Disk).items() if inspect.isfunction(member))


def _step(name: str) -> Callable[..., Any]:
    def stepped(self: TappedDisk, *args: Any) -> Any:
        self.tap(f"Disk.{name}:before")
        done = getattr(super(TappedDisk, self), name)(*args)
        try:
            self.tap(f"Disk.{name}:after")
        except BaseException:
            if name in ("create", "open"):
                with suppress(OSError):
                    super(TappedDisk, self).close(done)
            raise
        return done

    return stepped


for _name in STEPS:
    if _name not in vars(TappedDisk):
        setattr(TappedDisk, _name, _step(_name))
