"""Messages that were put aside, and the statements that move them there and back."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, insert, literal, select

from adapters.sql import rows
from adapters.sql.conditions import among
from adapters.sql.connections import Database
from adapters.sql.logs import dead_letters, outbox
from adapters.sql.prepared import Row
from adapters.sql.values import instant
from application.ports.dead_letters import DeadLetter, DeadLetters

_MESSAGE = ("id", "type", "clinic_id", "actor_id", "subject", "key", "occurred_at", "data")
_NOBODY = "00000000-0000-0000-0000-000000000000"

_failed = outbox.c.id == bindparam("message")
PUT_ASIDE = insert(dead_letters).from_select(
    [*_MESSAGE, "attempts", "fault", "dead_at"],
    select(
        *(outbox.c[name] for name in (*_MESSAGE, "attempts", "fault")),
        bindparam("at", type_=dead_letters.c.dead_at.type),
    ).where(_failed),
)
TAKE_AWAY = delete(outbox).where(_failed)

_chosen = among(dead_letters.c.id, "ids")
_PAGE = (
    select(literal(0), *dead_letters.c)
    .where(dead_letters.c.id > bindparam("after", type_=dead_letters.c.id.type))
    .order_by(dead_letters.c.id)
    .limit(bindparam("limit"))
)
_LOCK = select(dead_letters.c.id).where(_chosen).with_for_update()
_SEND_AGAIN = insert(outbox).from_select(
    [*_MESSAGE, "attempts"],
    select(*(dead_letters.c[name] for name in _MESSAGE), literal(0)).where(_chosen).order_by(dead_letters.c.id),
)
_FORGET = delete(dead_letters).where(_chosen)


class SqlDeadLetters(DeadLetters):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, limit: int, after: str = "") -> Sequence[DeadLetter]:
        found = await self._database.fetch(_PAGE, {"limit": limit, "after": after or _NOBODY})
        return [_letter(row) for row in found]

    async def replay(self, ids: Sequence[str]) -> int:
        async with self._database.transaction() as transaction:
            there = {"ids": [id for (id,) in await transaction.fetch(_LOCK, {"ids": list(ids)})]}
            await transaction.execute(_SEND_AGAIN, there)
            count = await transaction.execute(_FORGET, there)
            await transaction.commit()
        return count

    async def drop(self, ids: Sequence[str]) -> int:
        async with self._database.transaction() as transaction:
            count = await transaction.execute(_FORGET, {"ids": list(ids)})
            await transaction.commit()
        return count


def _letter(row: Row) -> DeadLetter:
    attempts, reason, at = row[9:]
    return DeadLetter(message=rows.message(row), attempts=attempts, reason=reason or "", at=instant(at))
