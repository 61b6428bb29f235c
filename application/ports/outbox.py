"""Messages that were committed with their change and not yet published."""

from abc import abstractmethod
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from application.ports.event_bus import Message


class Batch(Protocol):
    """Claimed messages, oldest first; nobody else gets these, nor others of their keys, until the batch is left."""

    messages: Sequence[Message]

    @abstractmethod
    async def published(self, message: Message) -> None:
        """Remember that it is out; durable when the batch is left."""

    @abstractmethod
    async def failed(self, message: Message, reason: str) -> bool:
        """Count the attempt and keep it, and all later ones of its key, for a later batch: False. Or, where this was
        the last attempt that it had, put it aside as a dead letter, so that the later ones may go: True."""


class Outbox(Protocol):
    """Made with the number of attempts that each message has; 0 is no limit."""

    @abstractmethod
    def claim(self, limit: int) -> AbstractAsyncContextManager[Batch]:
        """Up to `limit` unpublished messages whose earlier ones of the same key are published or in the batch too."""

    @abstractmethod
    async def waiting(self) -> int:
        """How many are unpublished."""

    @abstractmethod
    async def oldest(self) -> datetime | None:
        """When that happened which waits longest to be published; None where nothing does."""
