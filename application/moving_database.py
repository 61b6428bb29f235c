"""Moving all rows to another database while the service stands still."""

import json
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, NamedTuple

from application.copying import Tell
from application.ports.tables import HeldTables, MoveRefused, Row, Tables


class MovedTable(NamedTuple):
    """`digest` is the sha256 of all rows, the same in every kind of database."""

    name: str
    rows: int
    digest: str


@dataclass(slots=True)
class _Seen:
    """What has gone by of a table."""

    rows: int = 0
    _hash: Any = field(default_factory=sha256)

    async def of(self, batches: AsyncIterable[Sequence[Row]]) -> AsyncIterator[Sequence[Row]]:
        async for batch in batches:
            self.rows += len(batch)
            for row in batch:
                self._hash.update(_line(row))
            yield batch

    def table(self, name: str) -> MovedTable:
        return MovedTable(name, self.rows, self._hash.hexdigest())


async def move_database(source: Tables, target: Tables, tell: Tell) -> list[MovedTable]:
    """Every table, in the order in which it went; both databases are at this version's schema.

    All or nothing: what was written is read again and compared before it is kept. Raises `MoveRefused`.
    """
    async with source.held() as old, target.held() as new:
        await _require_empty(new)
        total = 2 * sum([await old.count(name) for name in old.names])
        moved, done = list[MovedTable](), 0
        for name in old.names:
            seen = _Seen()
            await new.fill(name, _told(seen.of(old.rows(name)), done, total, tell))
            done += seen.rows
            moved.append(seen.table(name))
        for table in moved:
            seen = _Seen()
            async for _ in _told(seen.of(new.rows(table.name)), done, total, tell):
                pass
            done += seen.rows
            if seen.table(table.name) != table:
                raise MoveRefused(f"The new database gives back other rows of {table.name} than it was given")
        await old.require_alone()
        await new.require_alone()
        await new.keep()
        return moved


async def _require_empty(new: HeldTables) -> None:
    for name in new.names:
        if await new.count(name):
            raise MoveRefused(f"There are rows in the new database already, in {name}: it has to be an empty one")


async def _told(
    batches: AsyncIterator[Sequence[Row]], done: int, total: int, tell: Tell
) -> AsyncIterator[Sequence[Row]]:
    async for batch in batches:
        yield batch
        done += len(batch)
        tell(done, total)


def _line(row: Row) -> bytes:
    return json.dumps(row, default=_plain, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _plain(value: date) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value.isoformat()
