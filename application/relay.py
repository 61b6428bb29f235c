"""Publishing what was committed: at least once, in order for each patient."""

from dataclasses import dataclass

from application.ports.event_bus import EventBus, Message
from application.ports.outbox import Batch, Outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayEvents:
    outbox: Outbox
    bus: EventBus

    async def __call__(self, limit: int = 100) -> int:
        """Publish a batch; how many went out. A message that fails holds back the later ones of its key only."""
        async with self.outbox.claim(limit) as batch:
            held: set[str] = set()
            sent = 0
            for message in batch.messages:
                if message.key not in held and await self._sent(batch, message):
                    sent += 1
                else:
                    held.add(message.key)
        return sent

    async def _sent(self, batch: Batch, message: Message) -> bool:
        try:
            await self.bus.publish(message)
        except Exception as error:  # whatever a bus raises, the message stays and is tried again
            await batch.failed(message, type(error).__name__)
            return False
        await batch.published(message)
        return True
