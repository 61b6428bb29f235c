"""Moves of a document's objects, as if they were in a folder, over what a bucket can do with one object."""

import asyncio
import hashlib
from abc import abstractmethod
from collections.abc import AsyncIterator, Collection, Coroutine, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any, Protocol

from application.ports.blobs import ORIGINAL


@dataclass(frozen=True, slots=True)
class Seen:
    """An object as the bucket tells of it; `checksum` is None where it has none that a copy would share."""

    size: int
    modified: datetime
    checksum: str | None = None

    def differs(self, other: "Seen") -> bool:
        return self.size != other.size or (self.sure_of(other) and self.checksum != other.checksum)

    def sure_of(self, other: "Seen") -> bool:
        return self.checksum is not None and other.checksum is not None


class Folders(Protocol):
    @abstractmethod
    async def head(self, key: str) -> Seen | None: ...

    @abstractmethod
    async def read(self, key: str, start: int, stop: int | None) -> AsyncIterator[bytes]: ...

    @abstractmethod
    async def copy(self, old: str, new: str) -> None: ...

    @abstractmethod
    async def delete(self, key: str) -> None: ...

    @abstractmethod
    def below(self, folder: str) -> AsyncIterator[tuple[str, Seen]]:
        """Every object below `folder`, page by page."""

    async def bring(self, entry: str, place: str, *, aside: str) -> None:
        """Copy what is staged to its place, or where an original unlike it is there, to quarantine.

        What is at the place stays. Raises `FileNotFoundError` when the entry is not whole, or not any more.
        """
        waiting = await self.names(entry)
        if ORIGINAL not in waiting:
            raise FileNotFoundError(entry)
        there = await self.names(place)
        if ORIGINAL in there and not await self._same(f"{entry}/{ORIGINAL}", f"{place}/{ORIGINAL}"):
            place, there = await self._free(aside, waiting), set()
        await self._copy(entry, place, waiting - there)

    async def put_aside(self, folder: str, aside: str) -> None:
        names = await self.names(folder)
        try:
            await self._copy(folder, await self._free(aside, names), names)
        except FileNotFoundError:
            return  # somebody else puts it aside
        await self.remove(folder)

    async def names(self, folder: str) -> set[str]:
        keys = {key.removeprefix(f"{folder}/") async for key, _ in self.below(folder)}
        return {name for name in keys if "/" not in name}

    async def remove(self, folder: str) -> None:
        """Derivatives first, the original last; silent when there are none."""
        names = await self.names(folder)
        await together(*(self.delete(f"{folder}/{name}") for name in names - {ORIGINAL}))
        if ORIGINAL in names:
            await self.delete(f"{folder}/{ORIGINAL}")

    async def _copy(self, old: str, new: str, names: Collection[str]) -> None:
        await together(*(self.copy(f"{old}/{name}", f"{new}/{name}") for name in names if name != ORIGINAL))
        if ORIGINAL in names:
            await self.copy(f"{old}/{ORIGINAL}", f"{new}/{ORIGINAL}")

    async def _free(self, folder: str, names: Collection[str]) -> str:
        """A name like `folder` under which none of `names` is taken."""
        for turn in count():
            free = f"{folder}~{turn}" if turn else folder
            if (await self.names(free)).isdisjoint(names):
                return free
        raise AssertionError

    async def _same(self, one: str, other: str) -> bool:
        first, second = await self.head(one), await self.head(other)
        if first is None or second is None:
            raise FileNotFoundError(one)
        if first.differs(second):
            return False
        return first.sure_of(second) or await self._sha256(one) == await self._sha256(other)

    async def _sha256(self, key: str) -> bytes:
        digest = hashlib.sha256()
        async for chunk in await self.read(key, 0, None):
            digest.update(chunk)
        return digest.digest()


async def together(*work: Coroutine[Any, Any, None]) -> None:
    """Do all of it at once; the first failure ends the rest and is raised."""
    # In a task of its own: before Python 3.13 a failing group leaves its task marked as being cancelled, and clients of
    # clouds end such a task at the next answer that comes early.
    await asyncio.create_task(_grouped(work))


async def _grouped(work: Iterable[Coroutine[Any, Any, None]]) -> None:
    try:
        async with asyncio.TaskGroup() as group:
            for part in work:
                group.create_task(part)
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from failures.exceptions[0].__cause__
