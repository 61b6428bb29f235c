"""Threads for steps that block: never more than were asked for, and nothing that was begun is left out."""

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest

from adapters.files.threads import DiskThreads
from adapters.threads import Threads
from domain.errors import Unavailable

pytestmark = pytest.mark.anyio


@pytest.fixture
async def threads() -> AsyncIterator[Threads]:
    threads = Threads(3, "steps")
    yield threads
    await threads.close()


async def test_no_more_steps_are_under_way_than_there_are_threads(threads: Threads) -> None:
    here, most, lock = 0, 0, threading.Lock()
    three = threading.Barrier(3)

    def step() -> int:
        nonlocal here, most
        with lock:
            here += 1
            most = max(most, here)
        three.wait(10)
        with lock:
            here -= 1
        return threading.get_ident()

    assert len(set(await asyncio.gather(*(threads.run(step) for _ in range(30))))) == 3
    assert most == 3


async def test_what_was_begun_is_done_before_the_threads_end(threads: Threads) -> None:
    done: list[int] = []
    for number in range(20):
        threads.begin(done.append, number)
    await threads.close()
    assert sorted(done) == list(range(20))
    with pytest.raises(RuntimeError, match="closed"):
        threads.begin(done.append, 20)


async def test_a_thread_whose_step_failed_does_the_next_one(threads: Threads) -> None:
    async with asyncio.timeout(10):
        with pytest.raises(ZeroDivisionError):
            await threads.run(divmod, 1, 0)
        assert await threads.run(len, "abc") == 3


async def test_a_fault_of_the_disk_is_told_without_what_it_says() -> None:
    def fail() -> None:
        raise OSError(5, "a secret")

    threads = DiskThreads(1)
    with pytest.raises(Unavailable) as told:
        await threads.run(fail)
    assert "secret" not in str(told.value)
    await threads.close()
