"""Messages on their way out."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import islice

from adapters.memory.store import MemoryStore, Waiting
from application.ports.dead_letters import DeadLetter
from application.ports.event_bus import Message
from application.ports.outbox import Batch, Outbox
from application.ports.system import Clock

LONGEST_PAUSE = 300
"""Seconds between two attempts at one message, at most."""


class MemoryBatch(Batch):
    def __init__(self, store: MemoryStore, clock: Clock, messages: list[Message], most: int) -> None:
        self.messages = messages
        self._store = store
        self._clock = clock
        self._most = most

    async def published(self, message: Message) -> None:
        del self._store.waiting[message.id]

    async def failed(self, message: Message, reason: str) -> bool:
        waiting = self._store.waiting[message.id]
        waiting.attempts += 1
        waiting.reason = reason
        waiting.not_before = self._clock() + timedelta(seconds=min(2**waiting.attempts, LONGEST_PAUSE))
        if not 0 < self._most <= waiting.attempts:
            return False
        del self._store.waiting[message.id]
        self._store.dead_letters[message.id] = DeadLetter(
            message=message, attempts=waiting.attempts, reason=reason, at=self._clock()
        )
        return True


class MemoryOutbox(Outbox):
    def __init__(self, store: MemoryStore, clock: Clock, *, attempts: int = 0) -> None:
        self._store = store
        self._clock = clock
        self._most = attempts

    @asynccontextmanager
    async def claim(self, limit: int) -> AsyncIterator[Batch]:
        claimed = list(islice(self._claimable(), limit))
        lanes = {waiting.lane for waiting in claimed}
        self._store.claimed |= lanes
        try:
            yield MemoryBatch(self._store, self._clock, [waiting.message for waiting in claimed], self._most)
        finally:
            self._store.claimed -= lanes

    async def waiting(self) -> int:
        return len(self._store.waiting)

    async def oldest(self) -> datetime | None:
        return next((waiting.message.occurred_at for waiting in self._store.waiting.values()), None)

    def _claimable(self) -> Iterator[Waiting]:
        now, held = self._clock(), set(self._store.claimed)
        for waiting in self._store.waiting.values():
            if waiting.not_before is not None and waiting.not_before > now:
                held.add(waiting.lane)
            elif waiting.lane not in held:
                yield waiting
