"""What both kinds of database say of a row in the same words: which tables there are, and what their values mean."""

import json
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table

import adapters.sql.import_tables
import adapters.sql.logs
import adapters.sql.upload_tables  # noqa: F401 - each adds its tables to the metadata
from adapters.sql.tables import metadata
from adapters.sql.types import DAY, FLAG, INSTANT, JSON
from adapters.sql.values import instant, instant_text, json_text
from application.ports.tables import MoveRefused, Row

Turn = Callable[[Any], Any]

NAMES = tuple(table.name for table in metadata.sorted_tables)
ROWS_AT_ONCE = 1_000
IN_USE = "The service is using this database: stop every clinic-media serve and clinic-media worker of it first"


def table_of(name: str) -> Table:
    return metadata.tables[name]


def key_of(name: str) -> str:
    """What its rows are ordered by, as SQL."""
    return ", ".join(f'"{column.name}"' for column in table_of(name).primary_key)


def check_known(found: Collection[str]) -> None:
    """Raises `MoveRefused` where the database has other tables: nothing may be left behind unsaid."""
    unlike = set(NAMES).symmetric_difference(found)
    if unlike:
        raise MoveRefused(f"These tables are not those of this version: {', '.join(sorted(unlike))}")


def turned(name: str, rows: Sequence[Sequence[Any]], turns: Sequence[Turn | None]) -> list[Row]:
    """Raises `MoveRefused` for a value that is not what its column says."""
    try:
        return [
            tuple(
                turn(value) if turn is not None and value is not None else value
                for turn, value in zip(turns, row, strict=True)
            )
            for row in rows
        ]
    except ValueError as error:
        raise MoveRefused(f"A row of {name} holds an instant, a day or JSON that cannot be read") from error


def from_sqlite(name: str) -> list[Turn | None]:
    return [_FROM_SQLITE.get(id(column.type)) for column in table_of(name).columns]


def to_sqlite(name: str) -> list[Turn | None]:
    return [_TO_SQLITE.get(id(column.type)) for column in table_of(name).columns]


def from_postgresql(name: str) -> list[Turn | None]:
    return [_FROM_POSTGRESQL.get(id(column.type)) for column in table_of(name).columns]


def to_postgresql(name: str) -> list[Turn | None]:
    return [json_text if column.type is JSON else None for column in table_of(name).columns]


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("of no time zone")
    return at


_FROM_SQLITE: dict[int, Turn] = {
    id(INSTANT): _instant,
    id(DAY): date.fromisoformat,
    id(JSON): json.loads,
    id(FLAG): bool,
}
_FROM_POSTGRESQL: dict[int, Turn] = {id(INSTANT): instant, id(JSON): json.loads}
_TO_SQLITE: dict[int, Turn] = {id(INSTANT): instant_text, id(DAY): date.isoformat, id(JSON): json_text, id(FLAG): int}
