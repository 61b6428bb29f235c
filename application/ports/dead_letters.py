"""Messages that nobody took however often they were tried, put aside so that the others go on."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from application.ports.event_bus import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    message: Message
    attempts: int
    reason: str
    """Why the last attempt failed."""
    at: datetime
    """When it was put aside."""


class DeadLetters(Protocol):
    """Kept until somebody decides."""

    @abstractmethod
    async def page(self, limit: int, after: str = "") -> Sequence[DeadLetter]:
        """Those of all clinics whose message ids come after `after`, in the order of ids, which is that of time."""

    @abstractmethod
    async def replay(self, ids: Sequence[str]) -> int:
        """Put the messages that have these ids back on their way, with all attempts before them, behind those that
        wait now; how many there were. They are the same messages, with the time at which it happened."""

    @abstractmethod
    async def drop(self, ids: Sequence[str]) -> int:
        """Forget them for good; how many there were."""
