"""Hearing what happened elsewhere."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from domain.ids import ClinicId


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """An event that somebody sent. It may come more than once."""

    id: str
    type: str
    clinic_id: ClinicId
    subject: str
    data: Mapping[str, Any]
    is_ours: bool = False
    """We sent it ourselves."""


class Delivery(Protocol):
    """One event that came, until it is settled."""

    place: str
    """Where it stands in the broker, for people who look for it."""

    @abstractmethod
    def read(self) -> Received:
        """Raises `Malformed`."""

    @abstractmethod
    async def settle(self) -> None:
        """It was dealt with, and does not come again."""


class EventSource(Protocol):
    @abstractmethod
    async def take(self, limit: int) -> Sequence[Delivery]:
        """What came, in its order, after a moment's wait at most. What is not settled comes again, before what came
        after it. Of several processes one at a time gets any. Raises `Unavailable`."""

    @abstractmethod
    async def close(self) -> None: ...
