"""Each process runs every job by itself, on its event loop."""

import asyncio
from collections.abc import Sequence

from adapters.jobs.failures import pause_after, tell
from application.ports.jobs import Job, Jobs


class InProcessJobs(Jobs):
    async def run(self, jobs: Sequence[Job], stop: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as group:
            for job in jobs:
                group.create_task(_repeat(job, stop), name=job.name)


async def _repeat(job: Job, stop: asyncio.Event) -> None:
    failures = 0
    pause = job.first_after
    while not await is_set_within(stop, pause):
        try:
            more = await job.action()
        except Exception as error:  # whatever a job raises, it comes round again
            failures += 1
            pause = pause_after(failures, job.seconds)
            tell(job.name, error, pause)
        else:
            failures = 0
            pause = 0.0 if more else job.seconds


async def is_set_within(stop: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return stop.is_set()
    return True
