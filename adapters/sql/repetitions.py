"""Idempotency keys of the users of a clinic."""

from datetime import timedelta

from sqlalchemy import bindparam, delete, select

from adapters.sql.logs import repetitions
from adapters.sql.scope import Scope
from adapters.sql.writing import inserted
from application.ports.system import Clock
from application.ports.unit_of_work import Once, Repetitions
from domain.errors import RuleViolated

REMEMBERED = timedelta(days=1)

_OF_USER = (repetitions.c.clinic_id == bindparam("clinic"), repetitions.c.user_id == bindparam("user_id"))
_FIRST = select(repetitions.c.fingerprint, repetitions.c.result).where(*_OF_USER, repetitions.c.key == bindparam("key"))
_FORGET = delete(repetitions).where(*_OF_USER, repetitions.c.created_at < bindparam("before"))
_REMEMBER = inserted(repetitions)


class SqlRepetitions(Repetitions):
    def __init__(self, scope: Scope, clock: Clock) -> None:
        self._scope = scope
        self._clock = clock

    async def result_of(self, once: Once) -> str | None:
        user = self._scope.actor.user_id
        for fingerprint, result in await self._scope.fetch(_FIRST, user_id=user, key=once.key):
            if fingerprint != once.fingerprint:
                raise RuleViolated("This Idempotency-Key was used for another request", field="Idempotency-Key")
            return str(result)
        return None

    async def remember(self, once: Once, result: str) -> None:
        user, now = self._scope.actor.user_id, self._clock()
        await self._scope.execute(_FORGET, user_id=user, before=now - REMEMBERED)
        await self._scope.execute(
            _REMEMBER,
            clinic_id=self._scope.actor.clinic_id,
            user_id=user,
            key=once.key,
            fingerprint=once.fingerprint,
            result=result,
            created_at=now,
        )
