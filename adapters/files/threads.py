"""Threads of the local storage's own: a slow disk must not use up those that everything else waits for."""

import asyncio
from collections.abc import Callable
from typing import TypeVar, TypeVarTuple

from adapters.files.faults import storage_faults
from adapters.threads import Threads

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class DiskThreads(Threads):
    """Of a step the `OSError` becomes `Unavailable`."""

    def __init__(self, count: int) -> None:
        super().__init__(count, "files")

    def begin(self, step: Callable[[*Ts], T], *args: *Ts) -> asyncio.Future[T]:
        return super().begin(_translated, step, *args)


def _translated(step: Callable[[*Ts], T], *args: *Ts) -> T:
    with storage_faults():
        return step(*args)
