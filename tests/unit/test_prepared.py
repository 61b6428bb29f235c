"""Statements compiled once."""

import gc
from weakref import ref

from sqlalchemy import text
from sqlalchemy.dialects import sqlite

from adapters.sql.prepared import PreparedCache

_ASKED = 5_000


def test_a_statement_is_compiled_once() -> None:
    prepared, statement = PreparedCache(sqlite.dialect(paramstyle="qmark")), text("SELECT :one, :two")
    assert prepared[statement] is prepared[statement]
    assert prepared[statement].bind({"two": 2, "one": 1}) == [1, 2]


def test_statements_that_are_made_anew_each_time_do_not_add_up() -> None:
    prepared = PreparedCache(sqlite.dialect(paramstyle="qmark"))
    asked = [_asked(prepared, number) for number in range(_ASKED)]
    gc.collect()
    assert sum(each() is not None for each in asked) < _ASKED / 2


def _asked(prepared: PreparedCache, number: int) -> "ref[object]":
    statement = text(f"SELECT {number}")
    assert prepared[statement].sql == f"SELECT {number}"
    return ref(statement)
