"""The service's own words: one line each, as text or JSON, with the ids of request and trace.

What an exception says is left out, because it may quote what somebody wrote or the values of a statement; its type, the
place in the code, and the reason that the system or the database gives stay.
"""

import json
import logging
import traceback
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TypeAlias

from domain.errors import Unavailable

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
"""Of the request that is answered now."""

_Raised: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class TextLines(logging.Formatter):
    """For people: time, level, logger, message; behind an exception its traceback."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S%z")

    def formatException(self, ei: _Raised) -> str:  # noqa: N802 - the standard library's name
        return failure(ei[1]) if ei[1] is not None else ""


class JsonLines(logging.Formatter):
    """For machines: time, level, logger, message; request_id and trace_id where there are any, `failure` behind an
    exception, and what the line's `told` holds."""

    def __init__(self, trace_id: Callable[[], str] = str) -> None:
        super().__init__()
        self._trace_id = trace_id

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": REQUEST_ID.get(),
            "trace_id": self._trace_id(),
            **getattr(record, "told", {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["failure"] = failure(record.exc_info[1])
        return json.dumps({name: value for name, value in line.items() if value not in ("", None)}, ensure_ascii=False)


def failure(error: BaseException) -> str:
    """The traceback of an exception and of those that led to it, without their words."""
    return "\n".join(_of_one(each) for each in reversed(list(_leading_to(error))))


def _leading_to(error: BaseException | None) -> Iterator[BaseException]:
    known: set[int] = set()
    while error is not None and id(error) not in known:
        known.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _of_one(error: BaseException) -> str:
    kind, reason = type(error), _reason(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    inner = "".join(f"\n{failure(each)}" for each in getattr(error, "exceptions", ()))
    where = "".join(traceback.format_tb(error.__traceback__))
    return f"Traceback (most recent call last):\n{where}{name}{f': {reason}' if reason else ''}{inner}"


def _reason(error: BaseException) -> str:
    """What system and database say by number or name, and what is written for operators."""
    if isinstance(error, Unavailable):
        return error.detail
    if isinstance(error, OSError):
        return error.strerror or ""
    return str(getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None) or "")
