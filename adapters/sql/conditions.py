"""Conditions that the two databases word differently, bound by name: the statement is the same however many values."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import Boolean, Text

from domain.access import Principal, visible_patients


class _Condition(ColumnElement[bool]):
    """About `column` and what is bound to `name`."""

    inherit_cache = False
    type = Boolean()

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        self.column = column
        self.name = name

    def self_group(self, against: Any = None) -> "_Condition":
        # Without this SQLite, which has no booleans, would be asked whether the condition equals 1, and no index helps.
        return self


class among(_Condition):  # noqa: N801 - reads as the condition it is
    """`column` is one of the values bound to `name` as a list."""

    inherit_cache = False


@compiles(among, "sqlite")
def _among_sqlite(element: among, compiler: SQLCompiler, **kw: Any) -> str:
    values = compiler.process(bindparam(element.name, required=True), **kw)
    return f"{compiler.process(element.column, **kw)} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - of compiled parts


@compiles(among, "postgresql")
def _among_postgresql(element: among, compiler: SQLCompiler, **kw: Any) -> str:
    kind = element.column.type.dialect_impl(compiler.dialect)
    values = compiler.process(bindparam(element.name, required=True, type_=ARRAY(kind)), **kw)
    return f"{compiler.process(element.column, **kw)} = ANY ({values})"


class tagged(_Condition):  # noqa: N801
    """The JSON list `column` holds every one of the values bound to `name` as a JSON list."""

    inherit_cache = False


@compiles(tagged, "sqlite")
def _tagged_sqlite(element: tagged, compiler: SQLCompiler, **kw: Any) -> str:
    column = compiler.process(element.column, **kw)
    wanted = compiler.process(bindparam(element.name, required=True), **kw)
    missing = f"wanted.value NOT IN (SELECT value FROM json_each({column}))"  # noqa: S608 - of compiled parts
    return f"NOT EXISTS (SELECT 1 FROM json_each({wanted}) AS wanted WHERE {missing})"  # noqa: S608


@compiles(tagged, "postgresql")
def _tagged_postgresql(element: tagged, compiler: SQLCompiler, **kw: Any) -> str:
    wanted = compiler.process(bindparam(element.name, required=True, type_=element.column.type), **kw)
    return f"{compiler.process(element.column, **kw)} @> {wanted}"


class by_code_point(ColumnElement[str]):  # noqa: N801
    """`text`, compared as SQLite compares it whatever language PostgreSQL was set up for."""

    inherit_cache = False
    type = Text()

    def __init__(self, text: ColumnElement[Any]) -> None:
        self.text = text


@compiles(by_code_point, "sqlite")
def _as_it_is(element: by_code_point, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(element.text, **kw)


@compiles(by_code_point, "postgresql")
def _collated(element: by_code_point, compiler: SQLCompiler, **kw: Any) -> str:
    return f'{compiler.process(element.text, **kw)} COLLATE "C"'


def contains(column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    """`column` contains the text bound to `name` by `pattern`."""
    return column.like(bindparam(name, type_=column.type), escape="\\")


def pattern(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def seen(actor: Principal) -> Mapping[str, list[str]]:
    """What a condition `among(…, "visible")` is bound to; empty for staff, who need no such condition."""
    patients = visible_patients(actor)
    return {} if patients is None else {"visible": sorted(patients)}
