"""A database that remembers what it was asked."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from adapters.sql.connections import Database, RelaysAlone, Transaction
from adapters.sql.prepared import Row, Statement, Values


@dataclass(slots=True)
class Asked:
    statement: Statement
    values: Values


@dataclass(slots=True)
class RecordingTransaction(Transaction):
    real: Transaction
    asked: list[Asked]

    async def fetch(self, statement: Statement, values: Values) -> Sequence[Row]:
        self.asked.append(Asked(statement, values))
        return await self.real.fetch(statement, values)

    async def execute(self, statement: Statement, values: Values) -> int:
        self.asked.append(Asked(statement, values))
        return await self.real.execute(statement, values)

    async def execute_many(self, statement: Statement, values: Sequence[Values]) -> None:
        self.asked.append(Asked(statement, values[0]))
        await self.real.execute_many(statement, values)

    async def lock(self, name: str) -> None:
        await self.real.lock(name)

    async def commit(self) -> None:
        await self.real.commit()


@dataclass
class RecordingDatabase(Database):
    """Over PostgreSQL, which needs no turns of relays, it has none to give."""

    real: Database
    asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.heads = self.real.heads
        if isinstance(self.real, RelaysAlone):
            self.lanes, self.relaying = self.real.lanes, self.real.relaying

    async def fetch(self, statement: Statement, values: Values) -> Sequence[Row]:
        self.asked.append(Asked(statement, values))
        return await self.real.fetch(statement, values)

    async def fetch_aside(self, statement: Statement, values: Values) -> Sequence[Row]:
        return await self.fetch(statement, values)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        async with self.real.transaction() as transaction:
            yield RecordingTransaction(transaction, self.asked)

    async def check(self) -> None:
        await self.real.check()

    async def close(self) -> None:
        await self.real.close()
