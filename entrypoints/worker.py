"""The work that no request asks for: events go out, what a crash interrupted is finished, missing pictures are made,
what the retention settings allow is purged.

It runs inside each serving process, and alone as `clinic-media worker`. A job that fails is tried again, later and
later, and never ends the others.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from application.recovery import Recovered
from domain.errors import DomainError
from entrypoints.container import Container

_log = logging.getLogger("clinic_media.worker")

_LONGEST_PAUSE = 300.0
_EVENTS, _PICTURES, _SCANS = 100, 20, 20
_HOUR = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Run `action` every `seconds`; at once again after it returned True, because there is more to do."""

    name: str
    action: Callable[[], Awaitable[bool]]
    seconds: float
    first_after: float = 0.0


async def repeat(job: Job, stop: asyncio.Event) -> None:
    """Until `stop` is set. What is under way then is finished."""
    failures = 0
    pause = job.first_after
    while not await _set_within(stop, pause):
        try:
            more = await job.action()
        except Exception as error:
            failures += 1
            pause = min(_LONGEST_PAUSE, job.seconds * 2**failures)
            known = isinstance(error, DomainError)
            _log.warning(
                "%s failed (%s), next try in %.0f s", job.name, _said(error), pause, exc_info=None if known else error
            )
        else:
            failures = 0
            pause = 0.0 if more else job.seconds


def _said(error: Exception) -> str:
    return error.detail if isinstance(error, DomainError) else type(error).__name__


async def _set_within(stop: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return stop.is_set()
    return True


class Chores:
    """What there is to do; each method returns whether there is more of it at once."""

    def __init__(self, container: Container) -> None:
        self._container = container

    async def relay(self) -> bool:
        return await self._container.relay_events()(_EVENTS) == _EVENTS

    async def follow(self) -> bool:
        return await self._container.follow_host()() > 0

    async def recover(self) -> bool:
        done = await self._container.recover()()
        if done != Recovered():
            _log.info("recovery: %d uploads finished, %d abandoned ones dropped", done.promoted, done.dropped)
        await self._container.finish_purges()()
        return False

    async def derive(self) -> bool:
        return await self._container.catch_up_derivatives()(_PICTURES) == _PICTURES

    async def scan(self) -> bool:
        return await self._container.catch_up_scans()(_SCANS) == _SCANS

    async def purge(self) -> bool:
        purged = [view.id async for view in self._container.purge_trash()()]
        if purged:
            _log.info("retention: %d documents purged from the trash", len(purged))
        return False

    async def expire(self) -> bool:
        if dropped := await self._container.expire_uploads()():
            _log.info("uploads: %d unfinished ones that nobody went on with were dropped", dropped)
        return False

    async def quarantine(self) -> bool:
        if aside := await self._container.quarantine_orphans()():
            _log.warning("quarantine: the blobs of %d documents that no row names were put aside", aside)
        return False


def jobs_of(container: Container) -> Sequence[Job]:
    chores = Chores(container)
    return (
        Job(name="relay", action=chores.relay, seconds=0.5),
        Job(name="host's events", action=chores.follow, seconds=1),
        Job(name="recovery", action=chores.recover, seconds=60),
        Job(name="derivatives", action=chores.derive, seconds=30, first_after=2),
        Job(name="scans", action=chores.scan, seconds=30, first_after=5),
        Job(name="retention", action=chores.purge, seconds=_HOUR, first_after=60),
        Job(name="uploads", action=chores.expire, seconds=600, first_after=30),
        Job(name="quarantine", action=chores.quarantine, seconds=24 * _HOUR, first_after=_HOUR),
    )


async def work(jobs: Sequence[Job], stop: asyncio.Event) -> None:
    async with asyncio.TaskGroup() as group:
        for job in jobs:
            group.create_task(repeat(job, stop), name=job.name)


def check_brokers(container: Container) -> None:
    """Raise `WrongSettings` where the jobs could never talk to what events go to or come from."""
    container.bus()
    container.event_source()


@asynccontextmanager
async def working(container: Container) -> AsyncIterator[None]:
    """The jobs run as long as the block does; leaving it waits for what is under way and writes what is waiting."""
    check_brokers(container)
    stop = asyncio.Event()
    running = asyncio.create_task(work(jobs_of(container), stop))
    try:
        yield
    finally:
        stop.set()
        await running
        await container.audit().flush()
