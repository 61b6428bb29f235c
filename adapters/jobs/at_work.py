"""What a process is at, by its own account; the database's may be another after a connection broke."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from procrastinate.jobs import Job


class AtWork:
    def __init__(self) -> None:
        self._worker: int | None = 0
        self._begun: set[int | None] = set()
        self._missed: set[int | None] = set()

    @contextmanager
    def on(self, stored: Job) -> Iterator[None]:
        self._worker = stored.worker_id
        self._begun.add(stored.id)
        try:
            yield
        finally:
            self._begun.discard(stored.id)

    def lost(self, doing: Iterable[Job]) -> list[Job]:
        """Those that the database takes us to be at, and took us the last time, and we are not."""
        missed = [each for each in doing if each.worker_id == self._worker and each.id not in self._begun]
        lost = [each for each in missed if each.id in self._missed]
        self._missed = {each.id for each in missed}
        return lost
