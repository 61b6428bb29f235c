"""Counted by each process for itself."""

from collections import Counter

from application.ports.tallies import Tally


class MemoryTally(Tally):
    """Holds the counts of one minute: those of the last go when the next begins."""

    def __init__(self) -> None:
        self._window = 0
        self._counts: Counter[str] = Counter()

    async def add(self, key: str, window: int) -> int:
        if window != self._window:
            self._window = window
            self._counts.clear()
        self._counts[key] += 1
        return self._counts[key]

    async def close(self) -> None:
        self._counts.clear()
