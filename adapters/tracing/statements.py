"""Statements and transactions of a database as spans: which verb and which table, no text and no values."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import lru_cache, partial
from typing import Any, TypeVar

from opentelemetry.trace import SpanKind
from sqlalchemy import Delete, Insert, Select, Table, Update
from sqlalchemy.sql.expression import ClauseElement, CompoundSelect
from sqlalchemy.sql.visitors import iterate

from adapters.tracing.spans import Spans
from adapters.tracing.wrapping import as_kind, changed, kind_with

P = TypeVar("P")

_VERBS: Mapping[type[Any], str] = {
    Select: "SELECT",
    CompoundSelect: "SELECT",
    Insert: "INSERT",
    Update: "UPDATE",
    Delete: "DELETE",
}


def with_statements(database: P, spans: Spans, system: str) -> P:
    """`database` has `fetch`, `fetch_aside` and `transaction`, whose block is given what fetches and executes."""
    kind: Any = type(database)
    begin = kind.transaction
    told: Callable[[Any], Any] = lru_cache(partial(_transactions, spans=spans, system=system))

    @asynccontextmanager
    async def transaction(self: Any) -> AsyncIterator[Any]:
        with spans.within("transaction", {"db.system.name": system}, kind=SpanKind.CLIENT) as span:
            async with begin(self) as begun:
                yield begun if span is None else as_kind(begun, told(begun.__class__))

    reads = {name: _stated(getattr(kind, name), spans, system) for name in ("fetch", "fetch_aside")}
    return changed(database, {**reads, "transaction": transaction})


def _transactions(kind: Any, spans: Spans, system: str) -> Any:
    stated = {name: _stated(getattr(kind, name), spans, system) for name in ("fetch", "execute", "execute_many")}
    return kind_with(kind, {**stated, "commit": _committed(kind.commit, spans, system)})


def _stated(call: Callable[..., Any], spans: Spans, system: str) -> Callable[..., Any]:
    async def traced(self: Any, statement: ClauseElement, values: Any) -> Any:
        summary = _summary(statement)
        verb, _, table = summary.partition(" ")
        told = {"db.system.name": system, "db.operation.name": verb, "db.query.summary": summary}
        if table:
            told["db.collection.name"] = table
        with spans.within(summary, told, kind=SpanKind.CLIENT):
            return await call(self, statement, values)

    return traced


def _committed(commit: Callable[..., Any], spans: Spans, system: str) -> Callable[..., Any]:
    async def traced(self: Any) -> None:
        with spans.within("COMMIT", {"db.system.name": system, "db.operation.name": "COMMIT"}, kind=SpanKind.CLIENT):
            await commit(self)

    return traced


@lru_cache(maxsize=1024)
def _summary(statement: ClauseElement) -> str:
    """Such as "SELECT documents": the verb and the first table that the statement names."""
    verb = next((word for kind, word in _VERBS.items() if isinstance(statement, kind)), "QUERY")
    table = next((each.name for each in iterate(statement) if isinstance(each, Table)), "")
    return f"{verb} {table}".rstrip()
