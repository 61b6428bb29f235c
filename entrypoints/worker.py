"""The work that no request asks for: events go out, what a crash interrupted is finished, missing pictures are made,
what the retention settings allow is purged.

It runs inside each serving process, and alone as `clinic-media worker`. The setting jobs.engine says who takes up which
job. Some are always each process's own: events, which are to be out within the second, and whose rows keep several
relays apart better than a queue of jobs could; and the pieces of uploads, which lie in a folder of each machine.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from application.ports.jobs import Job
from application.reach import over_every_clinic
from application.recovery import Recovered
from entrypoints.container import Container

_log = logging.getLogger("clinic_media.worker")

_EVENTS, _PICTURES, _SCANS = 100, 20, 20
_HOUR = 3600.0


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


def own_jobs_of(container: Container) -> Sequence[Job]:
    """What each process does by itself, whoever shares the others."""
    chores = Chores(container)
    return (
        Job(name="relay", action=chores.relay, seconds=0.5),
        Job(name="host's events", action=chores.follow, seconds=1),
        Job(name="uploads", action=chores.expire, seconds=600, first_after=30),
    )


def shared_jobs_of(container: Container) -> Sequence[Job]:
    chores = Chores(container)
    return (
        Job(name="recovery", action=chores.recover, seconds=60),
        Job(name="derivatives", action=chores.derive, seconds=30, first_after=2),
        Job(name="scans", action=chores.scan, seconds=30, first_after=5),
        Job(name="retention", action=chores.purge, seconds=_HOUR, first_after=60),
        Job(name="quarantine", action=chores.quarantine, seconds=24 * _HOUR, first_after=_HOUR),
    )


async def _work(container: Container, stop: asyncio.Event) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(container.own_jobs().run(own_jobs_of(container), stop))
        group.create_task(container.jobs().run(shared_jobs_of(container), stop))


def check_brokers(container: Container) -> None:
    """Raise `WrongSettings` where the jobs could never talk to what events go to or come from, or to one another."""
    container.bus()
    container.event_source()
    container.jobs()


@asynccontextmanager
async def working(container: Container) -> AsyncIterator[None]:
    """The jobs run as long as the block does; leaving it waits for what is under way and writes what is waiting."""
    check_brokers(container)
    stop = asyncio.Event()
    with over_every_clinic():
        running = asyncio.create_task(_work(container, stop))
    try:
        yield
    finally:
        stop.set()
        await running
        await container.audit().flush()
