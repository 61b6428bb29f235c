"""Threads for steps that block: for a disk above all."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeAlias, TypeVar, TypeVarTuple

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

Job: TypeAlias = "tuple[asyncio.Future[Any], Callable[..., Any], tuple[Any, ...]]"
Jobs: TypeAlias = "SimpleQueue[Job | None]"


class Threads:
    """So many, started with the first step. Each adapter has its own: where one is slow, no other waits.

    A step costs half of what it does through `concurrent.futures`, whose futures serve waiting threads too; that is
    most of the price of reading a small blob.
    """

    def __init__(self, count: int, name: str) -> None:
        self._count = count
        self._name = name
        self._jobs: Jobs = SimpleQueue()
        self._threads: list[Thread] = []
        self._closed = False

    def begin(self, step: Callable[[*Ts], T], *args: *Ts) -> asyncio.Future[T]:
        """Start a step. It goes on to its end even when nobody waits any more."""
        if self._closed:
            raise RuntimeError(f"the threads of {self._name} are closed")
        if not self._threads:
            self._threads = [
                Thread(target=_work, args=(self._jobs,), name=self._name, daemon=True) for _ in range(self._count)
            ]
            for thread in self._threads:
                thread.start()
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._jobs.put((future, step, args))
        return future

    async def run(self, step: Callable[[*Ts], T], *args: *Ts) -> T:
        return await self.begin(step, *args)

    async def close(self) -> None:
        """Wait until every step that was begun has come to its end."""
        self._closed = True
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            await asyncio.to_thread(thread.join)


def _work(jobs: Jobs) -> None:
    while (job := jobs.get()) is not None:
        _do(*job)
        del job  # or it would keep a file open until the next one comes


def _do(future: asyncio.Future[Any], step: Callable[..., Any], args: tuple[Any, ...]) -> None:
    try:
        outcome = step(*args)
    except BaseException as error:
        _settle(future, _fail, error)
    else:
        _settle(future, _succeed, outcome)


def _settle(future: asyncio.Future[Any], how: Callable[[asyncio.Future[Any], Any], None], outcome: object) -> None:
    with suppress(RuntimeError):  # the event loop has been closed meanwhile
        future.get_loop().call_soon_threadsafe(how, future, outcome)


def _succeed(future: asyncio.Future[Any], outcome: object) -> None:
    if not future.done():
        future.set_result(outcome)


def _fail(future: asyncio.Future[Any], error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)
