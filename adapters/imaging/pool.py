"""A bounded set of helper processes, each served by a thread that waits for it, so that the event loop never does."""

import asyncio
import os
import threading
from concurrent.futures import ThreadPoolExecutor

from adapters.imaging import wire
from adapters.imaging.process import Cause, Helper, Lost
from domain.errors import Unavailable

_BACKLOG = 100
"""Files that may wait for a helper before callers are asked to come back later."""


def default_workers() -> int:
    return max(1, len(os.sched_getaffinity(0)) - 1)


class HelperPool:
    """Starts helpers when they are needed, keeps them while they are sound, replaces them when they are not."""

    def __init__(self, setup: wire.Setup, *, workers: int, seconds: float) -> None:
        self._setup = setup
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="imaging")
        self._lock = threading.Lock()
        self._idle: list[Helper] = []
        self._busy: set[Helper] = set()
        self._waiting = 0
        self._limit = workers + _BACKLOG
        self._closed = False

    async def ask(self, job: wire.Job) -> wire.Refused | wire.Done | wire.Copied:
        """Raises `Lost` if the helper gave no answer, `Unavailable` if none can be asked now."""
        if self._closed:
            raise Unavailable("The service is stopping")
        if self._waiting >= self._limit:
            raise Unavailable("Too many files are waiting to be looked into")
        self._waiting += 1
        try:
            answer = await asyncio.get_running_loop().run_in_executor(self._threads, self._ask, job)
        finally:
            self._waiting -= 1
        if isinstance(answer, wire.Unopened):
            raise Unavailable("The file could not be read from its storage")
        return answer

    async def close(self) -> None:
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            for helper in self._busy:
                helper.kill()
        await asyncio.to_thread(self._finish, idle)

    def _finish(self, idle: list[Helper]) -> None:
        for helper in idle:
            helper.end()
        self._threads.shutdown(wait=True)

    def _ask(self, job: wire.Job) -> wire.Answer:
        try:
            return self._ask_once(job)
        except Lost as lost:
            if lost.cause is not Cause.TAKEN_AWAY or self._closed:
                raise
        # Whatever took it away (an operator, the kernel short of memory) may be over; a file gets one more try.
        return self._ask_once(job)

    def _ask_once(self, job: wire.Job) -> wire.Answer:
        helper = self._take()
        sound = False
        try:
            answer = helper.ask(job, self._seconds)
            sound = not getattr(answer, "spent", False)
            return answer
        except Lost:
            if self._closed:
                raise Unavailable("The service is stopping") from None
            raise
        finally:
            self._give_back(helper, sound)

    def _take(self) -> Helper:
        with self._lock:
            if self._closed:
                raise Unavailable("The service is stopping")
            helper = self._sound_idle() or self._start()
            self._busy.add(helper)
            return helper

    def _sound_idle(self) -> Helper | None:
        while self._idle:
            helper = self._idle.pop()
            if helper.alive:
                return helper
            helper.end()
        return None

    def _start(self) -> Helper:
        try:
            return Helper(self._setup)
        except OSError as error:
            raise Unavailable("No helper process could be started") from error

    def _give_back(self, helper: Helper, sound: bool) -> None:
        with self._lock:
            self._busy.discard(helper)
            if sound and not self._closed:
                self._idle.append(helper)
                return
        helper.end()
