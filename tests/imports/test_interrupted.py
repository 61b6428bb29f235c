"""An import may be stopped at any moment: asked again it goes on, and the end is the same."""

import signal
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
from dependency_injector.providers import Object

from application.ports.inspecting import FileInspector
from application.ports.unit_of_work import OpenUnitOfWork, UnitOfWork
from domain.access import Principal
from entrypoints.container import Container
from tests.cli.running import invoke, running
from tests.imports.bringing import bring, contents, documents, installed, is_whole, medikeep, undo
from tests.imports.medikeep_made import MediKeepMade, fingerprints

pytestmark = pytest.mark.anyio


class Stopped(BaseException):
    """The process is gone."""


class Moments:
    """Stops at one of them, counted from 1; none with 0."""

    def __init__(self, stop_at: int) -> None:
        self.stop_at = stop_at
        self.passed = 0

    def __call__(self) -> None:
        self.passed += 1
        if self.passed == self.stop_at:
            raise Stopped


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


async def outcome(folder: Path, made: MediKeepMade, moments: Moments, inspector: FileInspector) -> dict[str, Any]:
    """Of an import that is stopped at its moment, and then run until it ends."""
    try:
        async with stopping(folder, moments) as container:
            container.inspector.override(Object(inspector))
            await bring(container, medikeep(container, made.url, made.uploads), batch=3)
    except Stopped:
        assert moments.stop_at
    async with installed(folder) as container:
        container.inspector.override(Object(inspector))
        report = await bring(container, medikeep(container, made.url, made.uploads), batch=3)
        assert [each.reason for each in report.anomalies] == ["it names no lab-result"]
        assert await is_whole(container)
        return await contents(container)


async def test_stopped_at_any_moment_and_resumed_the_end_is_the_same(tmp_path: Path, made: MediKeepMade) -> None:
    before = fingerprints(tmp_path / "old")
    async with installed(tmp_path) as container:
        inspector = container.inspector()
        counted = Moments(0)
        unbroken = await outcome(tmp_path / "0", made, counted, inspector)
        assert len(unbroken["documents"]) == 7
        assert counted.passed >= 24
        for stop_at in range(1, counted.passed + 1, 3):
            assert await outcome(tmp_path / str(stop_at), made, Moments(stop_at), inspector) == unbroken
    assert fingerprints(tmp_path / "old") == before


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
