"""An import may be stopped at any moment: asked again it goes on, and the end is the same."""

import asyncio
import os
import signal
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest

from application.ports.legacy import Anomaly
from application.ports.unit_of_work import OpenUnitOfWork, UnitOfWork
from domain.access import Principal
from entrypoints.container import Container
from tests.cli.running import invoke, running
from tests.imports.both import PROGRAMS, Opening
from tests.imports.bringing import bring, contents, documents, installed, is_whole, medikeep, undo
from tests.imports.medikeep_made import MediKeepMade, fingerprints


class Stopped(BaseException):
    """The process is gone."""


def stop() -> None:
    raise Stopped


class Moments:
    """Stops at one of them, counted from 1; none with 0."""

    def __init__(self, stop_at: int, stop: Callable[[], None] = stop) -> None:
        self.stop_at = stop_at
        self.passed = 0
        self._stop = stop

    def __call__(self) -> None:
        self.passed += 1
        if self.passed == self.stop_at:
            self._stop()


class StoppingUnitOfWork(OpenUnitOfWork):
    """Real transactions, with a moment before and after each commit."""

    def __init__(self, real: OpenUnitOfWork, moment: Callable[[], None]) -> None:
        self._real = real
        self._moment = moment

    @asynccontextmanager
    async def __call__(self, actor: Principal) -> AsyncIterator[UnitOfWork]:
        async with self._real(actor) as uow:
            commit = uow.commit

            async def committed() -> None:
                self._moment()
                await commit()
                self._moment()

            setattr(uow, "commit", committed)  # noqa: B010 - of this one only
            yield uow


@asynccontextmanager
async def stopping(folder: Path, moment: Callable[[], None]) -> AsyncIterator[Container]:
    async with installed(folder) as container:
        container.unit_of_work.override(StoppingUnitOfWork(container.unit_of_work(), moment))
        blobs = container.blobs()
        promote = blobs.promote

        async def promoted(*args: Any) -> None:
            moment()
            await promote(*args)
            moment()

        setattr(blobs, "promote", promoted)  # noqa: B010
        yield container


@pytest.fixture
def made(tmp_path: Path) -> MediKeepMade:
    source = MediKeepMade(tmp_path / "old")
    for id in range(1, 8):
        source.lab_file(id, 1 + id % 3)
    source.lab_file(8, None)
    return source


async def brought(folder: Path, opening: Opening, moment: Callable[[], None]) -> None:
    async with stopping(folder, moment) as container:
        await bring(container, opening(container), batch=3)


def killed(folder: Path, opening: Opening, at: int) -> bool:
    """Whether a process that brings it over could be killed at that moment."""
    moments = Moments(at, lambda: os.kill(os.getpid(), signal.SIGKILL))
    pid = os.fork()
    if pid == 0:
        try:
            asyncio.run(brought(folder, opening, moments))
        finally:
            os._exit(1)
    _, status = os.waitpid(pid, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


async def ended(folder: Path, opening: Opening) -> tuple[dict[str, Any], list[Anomaly]]:
    """What is there when it has been asked for until it ended."""
    async with installed(folder) as container:
        report = await bring(container, opening(container), batch=3)
        assert report.isolated
        assert await is_whole(container)
        return await contents(container), sorted(report.anomalies)


@pytest.mark.parametrize("program", PROGRAMS)
def test_killed_at_ten_moments_and_resumed_the_end_is_the_same(tmp_path: Path, program: str) -> None:
    source, opening = PROGRAMS[program](tmp_path / program)
    before, counted = fingerprints(source), Moments(0)
    asyncio.run(brought(tmp_path / "whole", opening, counted))
    unbroken = asyncio.run(ended(tmp_path / "whole", opening))
    assert len(unbroken[0]["documents"]) == 7
    assert counted.passed >= 20
    for at in (1 + counted.passed * tenth // 10 for tenth in range(10)):
        assert killed(tmp_path / str(at), opening, at)
        assert asyncio.run(ended(tmp_path / str(at), opening)) == unbroken, f"killed at {at} of {counted.passed}"
    assert fingerprints(source) == before


@pytest.mark.anyio
async def test_an_interrupted_import_and_its_rest_are_one_run_to_undo(tmp_path: Path, made: MediKeepMade) -> None:
    with pytest.raises(Stopped):
        async with stopping(tmp_path, Moments(20)) as container:
            await bring(container, medikeep(container, made.url, made.uploads), batch=3)
    async with installed(tmp_path) as container:
        assert 0 < len(await documents(container)) < 7
        report = await bring(container, medikeep(container, made.url, made.uploads), batch=3)
        assert len(await documents(container)) == 7
        assert (await undo(container, report)).removed["document"] == 7
        assert await documents(container) == []


def test_killed_in_the_middle_it_goes_on(tmp_path: Path, made: MediKeepMade) -> None:
    def so_far() -> int:
        with closing(sqlite3.connect(next((tmp_path / "data").glob("*.db")))) as connection:
            (count,) = connection.execute("SELECT count(*) FROM documents").fetchone()
            return int(count)

    for id in range(20, 26):
        made.lab_file(id, 1)
    command = ("import", "medikeep", "--database", made.url, "--uploads", str(made.uploads))
    assert invoke(tmp_path, "migrate").exit_code == 0
    with running(tmp_path, *command, "--batch", "1") as process:
        while process.poll() is None and so_far() < 2:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    assert 2 <= so_far() < 13
    assert invoke(tmp_path, *command).exit_code == 1  # the row without a record
    assert so_far() == 13
    assert invoke(tmp_path, "verify", "--read-data").exit_code == 0
