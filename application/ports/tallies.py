"""Counting what somebody does within a stretch of time."""

from abc import abstractmethod
from typing import Protocol


class Tally(Protocol):
    @abstractmethod
    async def add(self, key: str, window: int) -> int:
        """Count one more of `key`; how many that makes in the minute with the number `window`.

        Minutes are numbered from the epoch; of those that are over, nothing is kept for long. Never raises because
        something is away.
        """

    @abstractmethod
    async def close(self) -> None: ...
