"""Statements that write a whole row, made from its table."""

from collections.abc import Collection
from typing import Any

# PostgreSQL's INSERT with ON CONFLICT: SQLite has the clause in the same words, and its compiler takes it.
from sqlalchemy import BindParameter, ColumnElement, Table, Update, bindparam, update
from sqlalchemy.dialects.postgresql import Insert, insert


def inserted(table: Table) -> Insert:
    """Binds each column by its name, except those that the database makes itself."""
    columns = [column for column in table.c if column.identity is None]
    return insert(table).values({column.name: bindparam(column.name) for column in columns}).inline()


def put(table: Table) -> Insert:
    """Insert, or replace all but the key."""
    statement = inserted(table)
    key = [column.name for column in table.primary_key]
    replaced = {column.name: statement.excluded[column.name] for column in table.c if column.name not in key}
    return statement.on_conflict_do_update(index_elements=key, set_=replaced)


def revised(table: Table, *where: ColumnElement[bool], kept: Collection[str] = ()) -> Update:
    """Update all columns but those `kept`, where `where`; to the next version, or not at all."""
    names = [column.name for column in table.c if column.name not in kept]
    changed: dict[str, BindParameter[Any]] = {name: bindparam(name) for name in names}
    return update(table).where(*where, table.c.version == bindparam("version") - 1).values(changed)
