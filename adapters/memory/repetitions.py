"""Idempotency keys of the users of a clinic, remembered for a day."""

from datetime import datetime, timedelta

from adapters.memory.draft import Draft
from adapters.memory.store import Repetition
from application.ports.system import Clock
from application.ports.unit_of_work import Once, Repetitions
from domain.errors import Conflict, RuleViolated

REMEMBERED = timedelta(days=1)


class MemoryRepetitions(Repetitions):
    def __init__(self, draft: Draft, clock: Clock) -> None:
        self._draft = draft
        self._clock = clock

    async def result_of(self, once: Once) -> str | None:
        first = self._draft.tables.repetitions.get((self._draft.actor.user_id, once.key))
        if first is None:
            return None
        if first.fingerprint != once.fingerprint:
            raise RuleViolated("This Idempotency-Key was used for another request", field="Idempotency-Key")
        return first.result

    async def remember(self, once: Once, result: str) -> None:
        now = self._clock()
        self._forget(now - REMEMBERED)
        key = (self._draft.actor.user_id, once.key)
        if key in self._draft.tables.repetitions:
            raise Conflict("A request with this Idempotency-Key is being worked on")
        self._draft.tables.repetitions[key] = Repetition(once.fingerprint, result, now)

    def _forget(self, before: datetime) -> None:
        kept = self._draft.tables.repetitions
        for key in [key for key, repetition in kept.items() if repetition.at < before]:
            del kept[key]
