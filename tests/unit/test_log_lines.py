"""The service's own words, as text and as JSON: ids and places in the code, nothing that somebody wrote."""

import json
import logging
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from domain.errors import NotFound, Unavailable
from entrypoints.log_lines import REQUEST_ID, JsonLines, TextLines

NAME = "Ana García"


def record(message: str, *args: object, error: Exception | None = None, **extra: Any) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error else None
    line = logging.LogRecord("clinic_media.http", logging.WARNING, __file__, 1, message, args, info)
    line.__dict__ |= extra
    return line


def raised(fail: Callable[[], object]) -> Exception:
    try:
        fail()
    except Exception as error:
        return error
    raise AssertionError


def chained() -> None:
    people: dict[str, str] = {}
    try:
        people[NAME]
    except KeyError as error:
        raise Unavailable("The database is away") from error


def grouped() -> None:
    raise ExceptionGroup(NAME, [ValueError(NAME), NotFound(NAME)])


def constraint() -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute(f"CREATE TABLE t (a TEXT CHECK (a <> '{NAME}'))")
        database.execute("INSERT INTO t VALUES (?)", [NAME])


def missing() -> None:
    Path("/", NAME).read_text()


def no_number() -> None:
    int(NAME)


def test_a_line_of_json_is_one_line_with_its_ids() -> None:
    token = REQUEST_ID.set("r-7")
    try:
        line = JsonLines(lambda: "0af7").format(record("two\nlines %s", "ñ", told={"status": 200}))
    finally:
        REQUEST_ID.reset(token)
    assert "\n" not in line
    told = json.loads(line)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", told.pop("time"))
    assert told == {
        "level": "warning", "logger": "clinic_media.http", "message": "two\nlines ñ",
        "request_id": "r-7", "trace_id": "0af7", "status": 200,
    }  # fmt: skip


def test_what_there_is_not_is_left_out() -> None:
    assert json.loads(JsonLines().format(record("said"))).keys() == {"time", "level", "logger", "message"}


@pytest.mark.parametrize("lines", [TextLines(), JsonLines()], ids=["text", "json"])
@pytest.mark.parametrize("fail", [chained, grouped, constraint, missing, no_number])
def test_what_an_exception_says_is_not_repeated(lines: logging.Formatter, fail: Callable[[], object]) -> None:
    error = raised(fail)
    line = lines.format(record("failed", error=error))
    assert type(error).__qualname__ in line
    assert f"in {fail.__name__}" in line, "where it happened is told"
    assert NAME not in line


def test_the_reasons_of_system_and_database_are_told() -> None:
    said = [TextLines().format(record("failed", error=raised(fail))) for fail in (chained, constraint, missing)]
    assert "domain.errors.Unavailable: The database is away" in said[0]
    assert "KeyError\n" in said[0]
    assert "sqlite3.IntegrityError: SQLITE_CONSTRAINT_CHECK" in said[1]
    assert "FileNotFoundError: No such file or directory" in said[2]


def test_an_exception_that_led_to_itself_is_told_once() -> None:
    error = raised(chained)
    assert error.__cause__ is not None
    error.__cause__.__cause__ = error
    assert TextLines().format(record("failed", error=error)).count("Unavailable:") == 1


def test_a_line_tells_the_second_it_was_said_in() -> None:
    lines, said = TextLines(), []
    for second in (0.0, 0.9, 61.5, 0.0):
        this = record("said")
        this.created = second
        said.append(lines.format(this).split(" ")[0])
    first, same, later, again = said
    assert first == same == again != later
    assert len(first) == len("1970-01-01T00:00:00+0000")
