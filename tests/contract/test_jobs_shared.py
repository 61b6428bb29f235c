"""Jobs that several processes share: each is done once, and what a killed process was at is done by another."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from importlib.resources import files
from pathlib import Path

import asyncpg
import procrastinate.sql
import pytest

from adapters.jobs.procrastinate_jobs import SCHEMA, ProcrastinateJobs, libpq_url
from application.ports.jobs import Job
from tests.conftest import ROOT
from tests.contract.test_jobs import Action, running
from tests.services.postgres import PostgresServer

pytestmark = [pytest.mark.anyio, pytest.mark.services]

DAILY = 86_400.0


@pytest.fixture
async def url(postgres: PostgresServer) -> AsyncIterator[str]:
    async with postgres.database() as made:
        yield made


def engine(url: str, *, silence: float = 60) -> ProcrastinateJobs:
    return ProcrastinateJobs(url, heartbeat=0.2, silence=silence, poll=0.1)


async def test_of_several_processes_one_does_what_is_due_and_nothing_is_left_behind(url: str) -> None:
    daily, ticking = Action(1), Action(3)
    jobs = (Job(name="daily", action=daily, seconds=DAILY), Job(name="tick", action=ticking, seconds=1))
    async with AsyncExitStack() as stack:
        for _ in range(3):
            await stack.enter_async_context(running(engine(url), *jobs))
        await ticking.done.wait()
    # One who comes later finds that it is done for today.
    ticking.done.clear()
    async with running(engine(url), *jobs):
        await ticking.done.wait()
    assert len(daily.at) == 1
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    assert await connection.fetch(f"SELECT * FROM {SCHEMA}.procrastinate_jobs WHERE task_name = 'daily'") == []
    assert await connection.fetch(f"SELECT * FROM {SCHEMA}.procrastinate_workers") == []
    await connection.close()


@pytest.mark.parametrize("seconds", [DAILY, 1.0])
async def test_what_a_killed_process_was_at_is_done_by_another(url: str, seconds: float) -> None:
    """Once a day it must not have to wait for tomorrow; each second the next is due already when it is taken over."""
    other = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _HANGS, url, str(seconds), stdout=subprocess.PIPE, cwd=ROOT
    )
    assert other.stdout is not None
    assert await other.stdout.readline() == b"begun\n"
    mine, ticking = Action(1), Action(2)
    jobs = (Job(name="long", action=mine, seconds=seconds), Job(name="tick", action=ticking, seconds=1))
    async with running(engine(url, silence=1.5), *jobs):
        await ticking.done.wait()
        other.send_signal(signal.SIGKILL)
        await other.wait()
        await mine.done.wait()


_HANGS = """
import asyncio, sys
from adapters.jobs.procrastinate_jobs import ProcrastinateJobs
from application.ports.jobs import Job

async def hang():
    print("begun", flush=True)
    await asyncio.sleep(600)

job = Job(name="long", action=hang, seconds=float(sys.argv[2]))
asyncio.run(ProcrastinateJobs(sys.argv[1], heartbeat=0.2, poll=0.1).run([job], asyncio.Event()))
"""


async def test_after_its_connections_broke_it_goes_on(url: str) -> None:
    ticking = Action(2)
    async with running(engine(url), Job(name="tick", action=ticking, seconds=1)):
        await ticking.done.wait()
        connection = await asyncpg.connect(url.replace("+asyncpg", ""))
        while not await connection.fetch(_DISCONNECTED):  # noqa: ASYNC110 - other processes' doing
            await asyncio.sleep(0.01)
        await connection.close()
        for _ in range(2):
            ticking.done.clear()
            await ticking.done.wait()


# Between two jobs; else the one under way would be done again, later.
_DISCONNECTED = f"""
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'clinic-media jobs'
AND NOT EXISTS (SELECT 1 FROM {SCHEMA}.procrastinate_jobs WHERE status = 'doing')
"""


async def test_a_job_whose_end_could_not_be_written_is_done_again(url: str) -> None:
    daily, ticking = Action(2), Action(1)
    jobs = (Job(name="daily", action=daily, seconds=DAILY), Job(name="tick", action=ticking, seconds=1))
    async with running(engine(url), *jobs):
        await ticking.done.wait()
        connection = await asyncpg.connect(url.replace("+asyncpg", ""))
        await connection.execute(_UNFINISHED)
        await connection.close()
        await daily.done.wait()


_UNFINISHED = f"""
INSERT INTO {SCHEMA}.procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args, status, worker_id)
SELECT 'default', 'daily', 'daily', 'daily', '{{"timestamp": 0}}', 'doing', id FROM {SCHEMA}.procrastinate_workers
"""


async def test_a_database_that_is_away_keeps_nobody_from_stopping() -> None:
    away = "postgresql+asyncpg://nobody@127.0.0.1:1/nothing"
    async with asyncio.timeout(20), running(engine(away), Job(name="daily", action=Action(1), seconds=DAILY)):
        await asyncio.sleep(0.1)


def test_the_tables_are_those_of_the_version_that_is_installed() -> None:
    ours = Path(ROOT, "migrations", "procrastinate", "schema-3.10.0.sql").read_text()
    assert ours == files(procrastinate.sql).joinpath("schema.sql").read_text()


def test_a_url_is_told_in_the_words_of_the_other_driver() -> None:
    asked = "postgresql+asyncpg://media:a%40b@db.example:5433/clinic?host=x&ssl=verify-full"
    assert libpq_url(asked) == "postgresql://media:a%40b@db.example:5433/clinic?host=x&sslmode=verify-full"
