"""Gives each controller what its annotations name: a use case by its name, once, when the application is made."""

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

from litestar import Controller

C = TypeVar("C", bound=Controller)


def supplied(controller: type[C], part: Callable[[str], Any]) -> type[C]:
    """`controller` with `part(name)` for each of its own annotations. A handler then finds it without a look-up.

    Raises `TypeError` for a part that is not what the annotation says.
    """
    wanted = inspect.get_annotations(controller, eval_str=True)
    parts = {name: part(name) for name in wanted}
    for name, kind in wanted.items():
        if isinstance(kind, type) and not isinstance(parts[name], kind):
            raise TypeError(f"{controller.__name__}.{name} must be a {kind.__name__}")
    return type(controller.__name__, (controller,), {**parts, "__module__": controller.__module__})
