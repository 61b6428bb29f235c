"""The same object with other methods, whatever class it is of."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

P = TypeVar("P")


def changed(part: P, methods: Mapping[str, Callable[..., Any]]) -> P:
    """An instance of a subclass that shares the state of `part`; it passes wherever `part` does."""
    return as_kind(part, kind_with(type(part), methods))


def kind_with(kind: type[P], methods: Mapping[str, Callable[..., Any]]) -> type[P]:
    return type(kind.__name__, (kind,), {"__slots__": (), **methods, "__module__": kind.__module__})


def as_kind(part: P, kind: type[P]) -> P:
    """`part` as an instance of this subclass of its own class."""
    made: Any = object.__new__(kind)
    if hasattr(part, "__dict__"):
        object.__setattr__(made, "__dict__", part.__dict__)
    for each in type(part).__mro__:
        for slot in getattr(each, "__slots__", ()):
            if slot not in ("__dict__", "__weakref__") and hasattr(part, slot):
                object.__setattr__(made, slot, getattr(part, slot))
    return cast("P", made)
