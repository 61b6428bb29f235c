"""An installation's SQLite database put into PostgreSQL, with the types that it has there."""

import json
import re
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg


async def copy(database: Path, url: str) -> None:
    """Every table of the SQLite file, into an empty database."""
    target = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro&immutable=1", uri=True)) as source:
            for (table,) in source.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
                await _copy_table(source, table, target)
    finally:
        await target.close()


async def _copy_table(source: sqlite3.Connection, table: str, target: Any) -> None:
    names = [row[1] for row in source.execute(f'PRAGMA table_info("{table}")')]
    declared = [row[2].upper() for row in source.execute(f'PRAGMA table_info("{table}")')]
    rows = source.execute(f'SELECT * FROM "{table}"').fetchall()
    types = [_type(said, [row[at] for row in rows]) for at, said in enumerate(declared)]
    columns = ", ".join(f'"{name}" {kind}' for name, (kind, _) in zip(names, types, strict=True))
    await target.execute(f'CREATE TABLE "{table}" ({columns})')
    await target.copy_records_to_table(
        table,
        records=[
            tuple(None if value is None else made(value) for value, (_, made) in zip(row, types, strict=True))
            for row in rows
        ],
    )


_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_Type = tuple[str, Callable[[Any], Any]]


def _type(declared: str, values: Sequence[Any]) -> _Type:
    if "BOOL" in declared:
        return "boolean", bool
    if "INT" in declared:
        return "bigint", int
    if declared in ("REAL", "FLOAT"):
        return "double precision", float
    said = [value for value in values if isinstance(value, str)]
    if not said or len(said) < sum(value is not None for value in values):
        return "text", str
    for kind, made in _OF_TEXT:
        if all(_fits(made, value) for value in said):
            return kind, made
    return "text", str


def _fits(made: Callable[[Any], Any], value: str) -> bool:
    try:
        made(value)
    except ValueError:
        return False
    return True


def _uuid(value: str) -> UUID:
    if _UUID.fullmatch(value) is None:
        raise ValueError(value)
    return UUID(value)


def _zoned(value: str) -> datetime:
    at = datetime.fromisoformat(value)
    if at.tzinfo is None:
        raise ValueError(value)
    return at


def _naive(value: str) -> datetime:
    at = datetime.fromisoformat(value)
    if at.tzinfo is not None or len(value) < 16:
        raise ValueError(value)
    return at


def _document(value: str) -> str:
    if not isinstance(json.loads(value), dict | list):
        raise ValueError(value)
    return value


_OF_TEXT: Sequence[_Type] = (
    ("uuid", _uuid),
    ("timestamp with time zone", _zoned),
    ("timestamp", _naive),
    ("date", date.fromisoformat),
    ("jsonb", _document),
)
