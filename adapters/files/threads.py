"""Threads of the local storage's own: a slow disk must not use up those that everything else waits for."""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, TypeAlias, TypeVar, TypeVarTuple

from adapters.files.faults import unavailable

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

Job: TypeAlias = tuple[asyncio.Future[Any], Callable[..., Any], tuple[Any, ...]]
Jobs: TypeAlias = "SimpleQueue[Job | None]"
Settle: TypeAlias = Callable[[asyncio.Future[Any], Any], None]


class DiskThreads:
    """Threads for blocking steps, at most `count`, each started when all others are busy.

    A step costs half of what it does through `concurrent.futures`, whose futures serve waiting threads too; that is
    most of the price of reading a small blob. It goes to the thread that was busy last, which is awake soonest and has
    memory at hand: to take turns makes reading a large blob half as dear again.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._threads: list[tuple[Thread, Jobs]] = []
        self._idle: list[Jobs] = []
        self._waiting: deque[Job] = deque()
        self._lock = Lock()
        self._closed = False

    def begin(self, step: Callable[[*Ts], T], *args: *Ts) -> asyncio.Future[T]:
        """Start a step. It goes on to its end even when nobody waits any more. Its `OSError` becomes `Unavailable`."""
        if self._closed:
            raise RuntimeError("the storage is closed")
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        job: Job = (future, step, args)
        with self._lock:
            if self._idle:
                jobs = self._idle.pop()
            elif len(self._threads) < self._count:
                jobs = self._start()
            else:
                self._waiting.append(job)
                return future
        jobs.put(job)
        return future

    async def run(self, step: Callable[[*Ts], T], *args: *Ts) -> T:
        return await self.begin(step, *args)

    async def close(self) -> None:
        """Wait until every step that was begun has come to its end."""
        self._closed = True
        for _, jobs in self._threads:
            jobs.put(None)
        for thread, _ in self._threads:
            await asyncio.to_thread(thread.join)

    def _start(self) -> Jobs:
        jobs: Jobs = SimpleQueue()
        thread = Thread(target=self._work, args=(jobs,), daemon=True)
        self._threads.append((thread, jobs))
        thread.start()
        return jobs

    def _work(self, jobs: Jobs) -> None:
        job = jobs.get()
        while job is not None:
            future, step, args = job
            how, outcome = _done(step, args)
            # Idle before anybody hears of it, so that whoever goes on at once finds this thread and starts no other.
            job = self._next(jobs)
            _settle(future, how, outcome)
            del future, step, args, outcome  # or they would keep a file open until the next job comes
            job = job or jobs.get()

    def _next(self, jobs: Jobs) -> Job | None:
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            self._idle.append(jobs)
            return None


def _done(step: Callable[..., Any], args: tuple[Any, ...]) -> tuple[Settle, Any]:
    """What came of a step, and how to tell it."""
    try:
        return _succeed, step(*args)
    except OSError as error:
        fault = unavailable(error)
        fault.__cause__ = error
        return _fail, fault
    except BaseException as error:
        return _fail, error


def _settle(future: asyncio.Future[Any], how: Settle, outcome: object) -> None:
    with suppress(RuntimeError):  # the event loop has been closed meanwhile
        future.get_loop().call_soon_threadsafe(how, future, outcome)


def _succeed(future: asyncio.Future[Any], outcome: object) -> None:
    if not future.done():
        future.set_result(outcome)


def _fail(future: asyncio.Future[Any], error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)
