"""One process: a count of those who destroy bytes, and whether somebody has them wait."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from application.ports.backups import Deletions


class MemoryDeletions(Deletions):
    def __init__(self) -> None:
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._suspended = False

    @asynccontextmanager
    async def allowed(self) -> AsyncIterator[bool]:
        if self._suspended:
            yield False
            return
        self._under_way += 1
        self._idle.clear()
        try:
            yield True
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()

    @asynccontextmanager
    async def suspended(self) -> AsyncIterator[bool]:
        if self._suspended:
            yield False
            return
        self._suspended = True
        try:
            await self._idle.wait()
            yield True
        finally:
            self._suspended = False
