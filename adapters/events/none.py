"""Nothing is heard."""

from collections.abc import Sequence

from application.ports.event_source import Delivery, EventSource


class NoSource(EventSource):
    async def take(self, limit: int) -> Sequence[Delivery]:
        return ()

    async def close(self) -> None:
        """There is nothing to close."""
