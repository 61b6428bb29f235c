"""An import is taken back exactly, but for what somebody has changed since."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from application.derivatives import the_system
from application.importing.report import Report
from domain.access import Access
from domain.attachments import OwnerRef
from domain.documents import Revision
from domain.errors import NotFound, Unavailable
from domain.ids import OwnerId, PatientId, UserId
from entrypoints.container import Container
from tests.imports.both import PROGRAMS
from tests.imports.bringing import CLINIC, bring, contents, documents, installed, is_whole, medikeep, undo
from tests.imports.medikeep_made import MediKeepMade

pytestmark = pytest.mark.anyio

STAFF = the_system(CLINIC)


@pytest.fixture
def made(tmp_path: Path) -> MediKeepMade:
    source = MediKeepMade(tmp_path / "old")
    for id in range(1, 4):
        source.lab_file(id, id)
    return source


async def brought(container: Container, made: MediKeepMade) -> Report:
    return await bring(container, medikeep(container, made.url, made.uploads))


async def test_what_was_there_before_stays(tmp_path: Path, made: MediKeepMade) -> None:
    async with installed(tmp_path) as container:
        await container.register_patient()(STAFF, PatientId("1"), display_name="Eva Ruiz", birth_date=None)
        await container.register_patient()(STAFF, PatientId("ana"), display_name="Ana")
        made.run("UPDATE patients SET birth_date = NULL WHERE id = 1")
        report = await brought(container, made)
        await undo(container, report)
        assert (await container.directory_views().patient(STAFF, PatientId("1"))).display_name == "Eva Ruiz"
        assert (await container.directory_views().patient(STAFF, PatientId("ana"))).display_name == "Ana"
        with pytest.raises(NotFound):
            await container.directory_views().patient(STAFF, PatientId("2"))


async def test_what_was_changed_since_stays_with_what_it_hangs_on(tmp_path: Path, made: MediKeepMade) -> None:
    async with installed(tmp_path) as container:
        report = await brought(container, made)
        one, two, three = sorted(await documents(container), key=lambda view: view.original_filename)
        await container.revise_document()(STAFF, one.id, Revision(title="Renamed"))
        await container.link_document()(STAFF, two.id, OwnerRef("visit", OwnerId("1")))
        await container.grant_access()(STAFF, PatientId("3"), UserId("2"), Access.VIEW)
        undone = await undo(container, report)
        assert [view.id for view in await documents(container)] == sorted([one.id, two.id])
        kept = {(each.kind, each.id) for each in undone.kept}
        assert {("document", one.id), ("document", two.id), ("grant", "3/2"), ("patient", "1")} <= kept
        assert ("document", three.id) not in kept
        assert await is_whole(container)


# What is kept of the past: an undo adds to it.
HISTORY = {"audit", "audit_heads", "outbox", "import_runs", "tombstones"}


def dump(folder: Path) -> dict[str, list[Any]]:
    """Every table of the installation's database, but for its history."""
    with closing(sqlite3.connect(next((folder / "data").glob("*.db")))) as connection:
        names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'")
        tables = {name for (name,) in names} - HISTORY
        return {
            name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
            for name in tables
            if not name.startswith("sqlite_")
        }


@pytest.mark.parametrize("program", PROGRAMS)
async def test_undone_the_database_and_the_storage_are_as_before(tmp_path: Path, program: str) -> None:
    _, opening = PROGRAMS[program](tmp_path / program)
    async with installed(tmp_path) as container:
        await container.register_patient()(STAFF, PatientId("ana"), display_name="Ana")
        before, blobs = dump(tmp_path), [entry async for entry in container.blobs().entries()]
        report = await bring(container, opening(container))
        assert dump(tmp_path) != before
        assert (await undo(container, report)).kept == ()
        assert dump(tmp_path) == before
        assert [entry async for entry in container.blobs().entries()] == blobs
        assert await is_whole(container)


async def test_undone_it_can_be_brought_in_again(tmp_path: Path, made: MediKeepMade) -> None:
    async with installed(tmp_path) as container:
        first = await brought(container, made)
        once = await contents(container)
        await undo(container, first)
        second = await brought(container, made)
        assert second.run != first.run
        assert await contents(container) == once
        assert (await undo(container, second)).kept == ()


async def test_a_run_that_never_was_cannot_be_undone(tmp_path: Path) -> None:
    async with installed(tmp_path) as container:
        with pytest.raises(NotFound):
            await container.undo_import()("01900000-0000-7000-8000-000000000000")


async def test_bytes_that_still_wait_for_a_backup_are_not_mixed_up_with_those_that_come_again(tmp_path: Path) -> None:
    _, opening = PROGRAMS["dentalpin"](tmp_path / "dental")
    async with installed(tmp_path) as container:
        report = await bring(container, opening(container))
        once = await contents(container)
        async with container.finish_purges().deletions.suspended():
            assert (await undo(container, report)).kept == ()
            with pytest.raises(Unavailable):
                await bring(container, opening(container))
        await bring(container, opening(container))
        assert await contents(container) == once
        assert await is_whole(container)
