"""Jobs over many machines: PostgreSQL, through procrastinate, knows when each is due and who is at it.

Each period of a job is taken up once, by one of the processes. What a killed one was at is taken up by another. The
tables are in a schema of their own, made by our migrations.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.jobs import DeleteJobCondition, Status
from sqlalchemy import make_url

from adapters.jobs.at_work import AtWork
from adapters.jobs.failures import pause_after, tell
from adapters.jobs.in_process import is_set_within
from adapters.jobs.periods import cron_of
from application.ports.jobs import Job, Jobs

SCHEMA = "clinic_media_jobs"

_CAUGHT_UP = 7 * 86400.0
"""Seconds: what came due while nobody was at work is done by who comes then, once, if it is not older."""
_CONNECTIONS = 5


class ProcrastinateJobs(Jobs):
    """A process tells every `heartbeat` seconds that it lives; after `silence` seconds without, it is taken for dead.

    What is due later is looked for every `poll` seconds; what is due now is told at once.
    """

    def __init__(self, url: str, *, heartbeat: float = 10.0, silence: float = 60.0, poll: float = 5.0) -> None:
        self._url = libpq_url(url)
        self._heartbeat = heartbeat
        self._silence = silence
        self._poll = poll
        # It tells of each job at each step, and of many twice a minute.
        logging.getLogger("procrastinate").setLevel(logging.WARNING)

    async def run(self, jobs: Sequence[Job], stop: asyncio.Event) -> None:
        failures, pause = 0, 0.0
        while not await is_set_within(stop, pause):
            working, stopping = asyncio.create_task(self._work(jobs, stop)), asyncio.create_task(stop.wait())
            try:
                await asyncio.wait([working, stopping], return_when=asyncio.FIRST_COMPLETED)
            finally:
                ended = await _ended(working, stopping)
            if ended:  # the database is away, or says something unheard of: it may be back
                failures += 1
                pause = pause_after(failures, self._poll)
                tell("procrastinate", ended[0], pause)

    async def _work(self, jobs: Sequence[Job], stop: asyncio.Event) -> None:
        """Until it is cancelled, and then until the end of what is under way. Raises what makes it impossible."""
        app, at_work = self._app(), AtWork()
        for job in jobs:
            _register(app, job, stop, at_work)
        try:
            await app.open_async()
            working = asyncio.create_task(
                app.run_worker_async(
                    concurrency=len(jobs),
                    install_signal_handlers=False,
                    delete_jobs=DeleteJobCondition.ALWAYS,
                    fetch_job_polling_interval=self._poll,
                    update_heartbeat_interval=self._heartbeat,
                    stalled_worker_timeout=self._silence,
                )
            )
            taking_over = asyncio.create_task(self._take_over(app, at_work))
            try:
                await asyncio.wait([working, taking_over], return_when=asyncio.FIRST_COMPLETED)
            finally:
                ended = await _ended(working, taking_over)
            raise ended[0] if ended else RuntimeError("it ended by itself")
        finally:
            await app.close_async()

    def _app(self) -> App:
        connector = PsycopgConnector(
            conninfo=self._url,
            kwargs={"options": f"-c search_path={SCHEMA}", "application_name": "clinic-media jobs"},
            min_size=1,
            max_size=_CONNECTIONS,
        )
        return App(connector=connector, periodic_defaults={"max_delay": _CAUGHT_UP})

    async def _take_over(self, app: App, at_work: AtWork) -> None:
        """Have done again what the dead were at, and what we were at whose end could not be written."""
        manager = app.job_manager
        while True:
            stalled = await manager.get_stalled_jobs(seconds_since_heartbeat=self._silence)
            lost = at_work.lost(await manager.list_jobs_async(status=Status.DOING.value))
            for left in (*stalled, *lost):
                with suppress(ConnectorException):  # somebody else was quicker
                    try:
                        await manager.retry_job(left)
                    except UniqueViolation:
                        # The same one is due again already
                        await manager.finish_job(left, status=Status.FAILED, delete_job=True)
            await asyncio.sleep(self._heartbeat)


async def _ended(*tasks: asyncio.Task[Any]) -> list[Exception]:
    """What went wrong in tasks that are to end now."""
    for task in tasks:
        task.cancel()
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    return [each for each in ended if isinstance(each, Exception)]


def _register(app: App, job: Job, stop: asyncio.Event, at_work: AtWork) -> None:
    async def once(context: JobContext, timestamp: int, failures: int = 0) -> None:
        try:
            with at_work.on(context.job):
                while await job.action() and not stop.is_set():
                    pass
        except Exception as error:  # told here and tried again later: procrastinate's own retries know no waiting ones
            pause = pause_after(failures + 1, job.seconds)
            tell(job.name, error, pause)
            await _again(app, job, pause, timestamp=timestamp, failures=failures + 1)

    # At most one waits and at most one runs, over all machines.
    task = app.task(name=job.name, lock=job.name, queueing_lock=job.name, pass_context=True)(once)
    app.periodic(cron=cron_of(job.seconds))(task)


async def _again(app: App, job: Job, pause: float, **said: Any) -> None:
    try:
        await app.configure_task(
            job.name, lock=job.name, queueing_lock=job.name, schedule_in={"seconds": round(pause)}
        ).defer_async(**said)
    except AlreadyEnqueued:
        return  # its next period has come meanwhile


def libpq_url(url: str) -> str:
    """As libpq has it: other drivers name themselves in the scheme, and one option differently."""
    whole = make_url(url).set(drivername="postgresql")
    query = {"sslmode" if name == "ssl" else name: value for name, value in whole.query.items()}
    return whole.set(query=query).render_as_string(hide_password=False)
