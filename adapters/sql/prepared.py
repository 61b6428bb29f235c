"""Statements compiled once: SQL text for the raw driver, and the order in which it takes its values."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Dialect
from sqlalchemy.sql.expression import ClauseElement

Statement: TypeAlias = ClauseElement

Row: TypeAlias = Sequence[Any]
"""What a driver returns: columns by position, in the order of the statement."""

Values: TypeAlias = Mapping[str, Any]
"""Bound values by name: as Python has them; each driver's make adapts what it must."""


class Prepared:
    """One statement for one driver."""

    __slots__ = ("_constants", "_names", "sql")

    def __init__(self, statement: Statement, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        self.sql = str(compiled)
        self._names: tuple[str, ...] = tuple(compiled.positiontup)
        self._constants = {
            name: compiled.binds[name].value for name in self._names if not compiled.binds[name].required
        }

    def bind(self, values: Values) -> list[Any]:
        """Raises `KeyError` for a value that is missing."""
        if not self._constants:
            return [values[name] for name in self._names]
        constants = self._constants
        return [constants[name] if name in constants else values[name] for name in self._names]


_KEPT = 4096
"""A list has statements for each set of filters that was asked for; nobody asks for so many."""


class PreparedCache:
    """Keyed by the statement itself, so statements are module constants or come from cached functions."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._prepared: dict[Statement, Prepared] = {}

    def __getitem__(self, statement: Statement) -> Prepared:
        prepared = self._prepared.get(statement)
        if prepared is None:
            if len(self._prepared) >= _KEPT:
                self._prepared.clear()
            prepared = self._prepared[statement] = Prepared(statement, self._dialect)
        return prepared
