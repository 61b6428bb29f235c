"""Work that comes round: what each engine does alike."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from adapters.jobs.failures import pause_after
from adapters.jobs.in_process import InProcessJobs
from adapters.jobs.periods import cron_of
from adapters.jobs.procrastinate_jobs import ProcrastinateJobs
from application.ports.jobs import Job, Jobs
from application.reach import EVERY_CLINIC, reach
from domain.errors import Unavailable
from tests.services.postgres import PostgresServer

pytestmark = pytest.mark.anyio


@dataclass(frozen=True, slots=True)
class Engine:
    jobs: Jobs
    period: float
    """The shortest that it knows."""


@pytest.fixture(params=["inprocess", pytest.param("procrastinate", marks=pytest.mark.services)])
async def engine(request: pytest.FixtureRequest) -> AsyncIterator[Engine]:
    if request.param == "inprocess":
        yield Engine(InProcessJobs(), 0.02)
        return
    postgres: PostgresServer = request.getfixturevalue("postgres")
    async with postgres.database() as url:
        yield Engine(ProcrastinateJobs(url, poll=0.1), 1)


class Action:
    """Fails as often as told, then says whether there is more as often as told; `done` once it ran so many times."""

    def __init__(self, times: int, *, failures: int = 0, more: int = 0) -> None:
        self.at: list[float] = []
        self.done = asyncio.Event()
        self._times, self._failures, self._more = times, failures, more

    async def __call__(self) -> bool:
        assert reach() == EVERY_CLINIC
        self.at.append(asyncio.get_running_loop().time())
        if len(self.at) >= self._times:
            self.done.set()
        if len(self.at) <= self._failures:
            raise Unavailable("The database is away")
        return len(self.at) <= self._failures + self._more


@asynccontextmanager
async def running(jobs: Jobs, *what: Job) -> AsyncIterator[asyncio.Event]:
    stop = asyncio.Event()
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        group.create_task(jobs.run(what, stop))
        try:
            yield stop
        finally:
            stop.set()


async def test_a_job_that_fails_is_told_and_tried_again_later_while_the_others_come_round(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    broken, sound = Action(2, failures=1), Action(3)
    with caplog.at_level(logging.WARNING):
        async with running(
            engine.jobs,
            Job(name="the broken one's", action=broken, seconds=engine.period),
            Job(name="sound", action=sound, seconds=engine.period),
        ):
            await broken.done.wait()
            await sound.done.wait()
    assert broken.at[1] - broken.at[0] >= 2 * engine.period * 0.9
    assert "the broken one's failed (The database is away)" in caplog.text


async def test_a_job_with_more_to_do_goes_on_without_a_pause(engine: Engine) -> None:
    rich = Action(6, more=5)
    async with running(engine.jobs, Job(name="rich", action=rich, seconds=86_400)):
        await rich.done.wait()


async def test_what_is_under_way_when_it_is_stopped_is_finished_and_not_begun_again(engine: Engine) -> None:
    begun, finished = asyncio.Event(), 0

    async def slow() -> bool:
        nonlocal finished
        begun.set()
        await asyncio.sleep(0.1)
        finished += 1
        return True

    async with running(engine.jobs, Job(name="slow", action=slow, seconds=86_400)):
        await begun.wait()
    assert finished == 1


def test_each_failure_in_a_row_doubles_the_pause_up_to_five_minutes() -> None:
    assert [pause_after(failures, 30) for failures in (1, 2, 3, 4, 10_000)] == [60, 120, 240, 300, 300]


@pytest.mark.parametrize(
    ("seconds", "cron"),
    [
        (0.5, "* * * * * */1"),
        (30, "* * * * * */30"),
        (45, "* * * * * */30"),
        (60, "*/1 * * * *"),
        (600, "*/10 * * * *"),
        (3600, "0 */1 * * *"),
        (80_000, "0 */12 * * *"),
        (86_400, "0 0 * * *"),
        (1e9, "0 0 * * *"),
    ],
)
def test_a_period_is_the_next_even_one_that_is_not_longer(seconds: float, cron: str) -> None:
    assert cron_of(seconds) == cron
