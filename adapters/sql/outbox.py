"""Messages on their way out, in order for each patient however many relays there are."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, not_, or_, select, update

from adapters.sql import rows
from adapters.sql.conditions import among
from adapters.sql.connections import Database, RelaysAlone, Transaction
from adapters.sql.dead_letters import PUT_ASIDE, TAKE_AWAY
from adapters.sql.logs import outbox
from adapters.sql.prepared import Row
from adapters.sql.values import instant
from application.ports.event_bus import Message
from application.ports.outbox import Batch, Outbox
from application.ports.system import Clock

LONGEST_PAUSE = 300
"""Seconds between two attempts at one message, at most."""

_MESSAGE = (*tuple(outbox.c)[:9], outbox.c.attempts)
_UNPUBLISHED = outbox.c.published_at.is_(None)
_lane = outbox.c.clinic_id + "/" + outbox.c.key
_other = outbox.alias("other")
_in_lane = (_other.c.clinic_id == outbox.c.clinic_id, _other.c.key == outbox.c.key, _other.c.published_at.is_(None))
_NOW = bindparam("now", type_=outbox.c.next_attempt_at.type)

# One process at a time: what its batches have not claimed, and no earlier message waits for another attempt.
_DELAYED = exists().where(*_in_lane, _other.c.next_attempt_at > _NOW, _other.c.seq <= outbox.c.seq)
_CLAIM_ALONE = (
    select(*_MESSAGE)
    .where(_UNPUBLISHED, not_(among(_lane, "lanes")), not_(_DELAYED))
    .order_by(outbox.c.seq)
    .limit(bindparam("limit"))
)

# Several relays: who locks the first message of a patient has all of that patient's.
_first = (
    select(outbox.c.clinic_id, outbox.c.key)
    .where(_UNPUBLISHED, or_(outbox.c.next_attempt_at.is_(None), outbox.c.next_attempt_at <= _NOW))
    .where(~exists().where(*_in_lane, _other.c.seq < outbox.c.seq))
    .order_by(outbox.c.seq)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
    .cte("first")
)
_CLAIM_LOCKED = (
    select(*_MESSAGE)
    .join(_first, and_(_first.c.clinic_id == outbox.c.clinic_id, _first.c.key == outbox.c.key))
    .where(_UNPUBLISHED)
    .order_by(outbox.c.seq)
    .limit(bindparam("limit"))
)

_PUBLISHED = update(outbox).where(outbox.c.id == bindparam("message")).values(published_at=bindparam("at"))
_FAILED = (
    update(outbox)
    .where(outbox.c.id == bindparam("message"))
    .values(attempts=bindparam("tried"), next_attempt_at=bindparam("at"), fault=bindparam("reason"))
)
_WAITING = select(func.count()).where(_UNPUBLISHED)
_OLDEST = select(outbox.c.occurred_at).where(_UNPUBLISHED).order_by(outbox.c.seq).limit(1)


class SqlBatch(Batch):
    """What became of each message is written when the batch is left."""

    def __init__(self, clock: Clock, claimed: Sequence[Row], most: int) -> None:
        self.messages = [rows.message(row) for row in claimed]
        self.lanes = {_lane_of(message) for message in self.messages}
        self._clock = clock
        self._most = most
        self._attempts = {row[1]: row[9] for row in claimed}
        self._published: list[dict[str, Any]] = []
        self._failed: list[dict[str, Any]] = []
        self._aside: list[dict[str, Any]] = []

    async def published(self, message: Message) -> None:
        self._published.append({"message": message.id, "at": self._clock()})

    async def failed(self, message: Message, reason: str) -> bool:
        tried = self._attempts[message.id] + 1
        # A large exponent is no longer a number of seconds.
        at = self._clock() + timedelta(seconds=min(2 ** min(tried, 16), LONGEST_PAUSE))
        self._failed.append({"message": message.id, "tried": tried, "at": at, "reason": reason})
        if not 0 < self._most <= tried:
            return False
        self._aside.append({"message": message.id, "at": self._clock()})
        return True

    @property
    def is_settled(self) -> bool:
        return not self._published and not self._failed

    async def settle(self, transaction: Transaction) -> None:
        if self._published:
            await transaction.execute_many(_PUBLISHED, self._published)
        if self._failed:
            await transaction.execute_many(_FAILED, self._failed)
        if self._aside:
            await transaction.execute_many(PUT_ASIDE, self._aside)
            await transaction.execute_many(TAKE_AWAY, self._aside)
        await transaction.commit()


class SqlOutbox(Outbox):
    def __init__(self, database: Database, clock: Clock, *, attempts: int = 0) -> None:
        self._database = database
        self._clock = clock
        self._most = attempts

    def claim(self, limit: int) -> AbstractAsyncContextManager[Batch]:
        if isinstance(self._database, RelaysAlone):
            return self._claim_alone(self._database, limit)
        return self._claim_locked(limit)

    async def waiting(self) -> int:
        count: int = (await self._database.fetch(_WAITING, {}))[0][0]
        return count

    async def oldest(self) -> datetime | None:
        found = await self._database.fetch(_OLDEST, {})
        return instant(found[0][0]) if found else None

    @asynccontextmanager
    async def _claim_alone(self, relays: RelaysAlone, limit: int) -> AsyncIterator[Batch]:
        async with relays.relaying() as may_relay:
            asked = {"now": self._clock(), "limit": limit, "lanes": sorted(relays.lanes)}
            claimed = await self._database.fetch(_CLAIM_ALONE, asked) if may_relay else ()
            batch = SqlBatch(self._clock, claimed, self._most)
            relays.lanes |= batch.lanes
            try:
                yield batch
            finally:
                try:
                    if not batch.is_settled:
                        async with self._database.transaction() as transaction:
                            await batch.settle(transaction)
                finally:
                    relays.lanes -= batch.lanes

    @asynccontextmanager
    async def _claim_locked(self, limit: int) -> AsyncIterator[Batch]:
        """The locks are held until the batch is left; if the relay dies, the database frees them."""
        async with self._database.transaction() as transaction:
            asked = {"now": self._clock(), "limit": limit}
            batch = SqlBatch(self._clock, await transaction.fetch(_CLAIM_LOCKED, asked), self._most)
            try:
                yield batch
            finally:
                await batch.settle(transaction)


def _lane_of(message: Message) -> str:
    return f"{message.clinic_id}/{message.key}"
