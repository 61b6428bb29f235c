"""Telling others what happened."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from domain.ids import ClinicId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """An event on its way out. `id` is the same at each delivery, so that a consumer can drop repetitions."""

    id: str
    type: str
    clinic_id: ClinicId
    actor_id: UserId
    subject: str
    key: str
    """Messages of one key are delivered in the order in which they happened; it is the patient's id."""
    occurred_at: datetime
    data: Mapping[str, Any]


class EventBus(Protocol):
    @abstractmethod
    async def publish(self, message: Message) -> None:
        """Hand over one message, durably where the bus can. Raises `Unavailable` when it was not taken."""

    @abstractmethod
    async def close(self) -> None: ...
