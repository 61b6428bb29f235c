"""How instants, days and lists travel: PostgreSQL takes and gives them as they are, SQLite as text."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec


def instant_text(at: datetime) -> str:
    """Fixed width, in UTC, with microseconds: sorts as text the way it sorts as time."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def json_text(value: Any) -> str:
    return msgspec.json.encode(value).decode()


_SQLITE = {datetime: instant_text, date: date.isoformat, list: json_text}


def sqlite_values(values: list[Any]) -> list[Any]:
    return [adapt(value) if (adapt := _SQLITE.get(value.__class__)) is not None else value for value in values]


def instant(value: Any) -> Any:
    """The instant in a row of either database, None where there is none."""
    if value.__class__ is str:
        return datetime.fromisoformat(value)
    # The first and the last moment that there is PostgreSQL's driver takes for infinity, of no time zone.
    return value if value is None or value.tzinfo is not None else value.replace(tzinfo=UTC)


def day(value: Any) -> Any:
    return date.fromisoformat(value) if value.__class__ is str else value
