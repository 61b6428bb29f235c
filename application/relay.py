"""Publishing what was committed: at least once, in order for each patient."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from application.ports.event_bus import EventBus, Message
from application.ports.outbox import Batch, Outbox
from application.ports.system import Clock
from domain.errors import DomainError, Unavailable

AWAY_AFTER = 3
"""So many messages in a row that a bus could not take: it is away, and each of them may have waited for it."""

_log = logging.getLogger("clinic_media.events")


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayEvents:
    outbox: Outbox
    bus: EventBus

    async def __call__(self, limit: int = 100) -> int:
        """Publish a batch; how many went out. A message that fails holds back the later ones of its key only, unless
        that was its last attempt. Raises `Unavailable` when the bus is away; the rest of the batch waits then."""
        async with self.outbox.claim(limit) as batch:
            return await self._publish(batch)

    async def _publish(self, batch: Batch) -> int:
        held: set[str] = set()
        sent = away = 0
        for message in batch.messages:
            if message.key in held:
                continue
            error = await self._error(message)
            if error is None:
                await batch.published(message)
                sent += 1
            elif not await self._aside(batch, message, error):
                held.add(message.key)
            away = away + 1 if isinstance(error, Unavailable) else 0
            if error is not None and away == AWAY_AFTER:
                raise error
        return sent

    async def _error(self, message: Message) -> Exception | None:
        """What the bus raised, if it did not take the message."""
        try:
            await self.bus.publish(message)
        except Exception as error:  # whatever a bus raises, the message stays and is tried again
            return error
        return None

    async def _aside(self, batch: Batch, message: Message, error: Exception) -> bool:
        reason = error.detail if isinstance(error, DomainError) else type(error).__name__
        is_last = await batch.failed(message, reason)
        if is_last:
            _log.error("event %s was put aside, nobody took it: %s", message.id, reason)
        return is_last


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsKeepUp:
    outbox: Outbox
    clock: Clock
    within: timedelta = timedelta(minutes=5)

    async def check(self) -> None:
        """Raise `Unavailable` while an event waits for longer than it should."""
        oldest = await self.outbox.oldest()
        if oldest is not None and self.clock() - oldest > self.within:
            raise Unavailable(f"an event waits to be published since {oldest:%Y-%m-%dT%H:%M:%SZ}")
