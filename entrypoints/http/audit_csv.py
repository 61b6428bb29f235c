"""The audit log for a spreadsheet: made while it is sent, and nothing in it that a spreadsheet would run."""

import csv
from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import StringIO

from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, Operation, Schema

from application.ports.audit_trail import AuditRow

MEDIA_TYPE = "text/csv"
COLUMNS = (
    *("at", "user_id", "action", "outcome", "patient_id", "document_id", "subject", "detail", "address"),
    *("request_id", "seq", "hash"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_ROWS_AT_ONCE = 200


async def csv_of(rows: AsyncIterator[AuditRow]) -> AsyncIterator[str]:
    """RFC 4180 with a line of names first. A text that begins as a formula does gets an apostrophe before it."""
    lines = StringIO(newline="")
    writer = csv.writer(lines, quoting=csv.QUOTE_MINIMAL)
    writer.writerow(COLUMNS)
    count = 0
    async for row in rows:
        writer.writerow(_cells(row))
        count += 1
        if count % _ROWS_AT_ONCE == 0:
            yield _taken(lines)
    yield _taken(lines)


def _taken(lines: StringIO) -> str:
    text = lines.getvalue()
    lines.seek(0)
    lines.truncate()
    return text


def _cells(row: AuditRow) -> list[str]:
    told = row.entry._asdict() | {"at": row.entry.at.isoformat().replace("+00:00", "Z")}
    told |= {"seq": row.seq, "hash": row.hash}
    return [_harmless(str(told[name])) if told[name] is not None else "" for name in COLUMNS]


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


@dataclass
class AlsoCsv(Operation):
    """For the OpenAPI document: the same as a table."""

    def __post_init__(self) -> None:
        answer = (self.responses or {})["200"]
        table = OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING))
        answer.content = {**(answer.content or {}), MEDIA_TYPE: table}  # type: ignore[union-attr]
